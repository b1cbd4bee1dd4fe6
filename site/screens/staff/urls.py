from django.urls import path

from screens.staff import views

urls = [
    path("screens/", views.wall, name="wall"),
    path("screens/new/", views.new, name="new"),
    path("screens/reload/", views.reload_all, name="reload-all"),
    path("screens/messages/", views.all_messages, name="messages"),
    path("screens/messages/send/", views.send, name="send"),
    path("screens/messages/end/", views.end_message, name="end-message"),
    path("screens/messages/extend/", views.extend_message, name="extend-message"),
    path("screens/<slug:slug>/", views.screen, name="set-up"),
    path("screens/<slug:slug>/delete/", views.delete, name="delete"),
    path("screens/<slug:slug>/shows/<int:pk>/", views.hours, name="hours"),
    path("screens/<slug:slug>/shows/<int:pk>/end/", views.stop_showing, name="stop-showing"),
    path("screens/<slug:slug>/shows/<slug:shows>/", views.new_hours, name="new-hours"),
    path("screens/<slug:slug>/<slug:verb>/", views.change, name="act"),
]
