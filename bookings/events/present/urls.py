from django.urls import path

from bookings.events.present import moderating, views

urls = [
    path("<slug:slug>/now/", views.now, name="now"),
    path("<slug:slug>/now/ask/", views.ask, name="ask"),
    path("<slug:slug>/now/say/", views.say, name="say"),
    path("<slug:slug>/now/vote/", views.vote, name="vote"),
    path("<slug:slug>/now/unvote/", views.unvote, name="unvote"),
    path("<slug:slug>/now/choose/", views.choose, name="choose"),
    path("<slug:slug>/moderation/", moderating.moderation, name="moderation"),
    path("<slug:slug>/moderation/announce/", moderating.announce, name="announce"),
    path("<slug:slug>/moderation/poll/", moderating.new_poll, name="new-poll"),
    path("<slug:slug>/moderation/say/", moderating.say, name="say-as-organiser"),
    path("<slug:slug>/moderation/announcements/<int:pk>/take-back/", moderating.take_back, name="take-back"),
    path("<slug:slug>/moderation/questions/<int:pk>/<slug:verb>/", moderating.question, name="moderate-question"),
    path("<slug:slug>/moderation/polls/<int:pk>/<slug:verb>/", moderating.poll, name="moderate-poll"),
    path("<slug:slug>/moderation/messages/<int:pk>/<slug:verb>/", moderating.message, name="moderate-message"),
    path("<slug:slug>/moderation/chat/<slug:verb>/", moderating.chat, name="moderate-chat"),
]
