from django.urls import path

from embeds.frames import views

urls = [
    path("embed/airside.js", views.script, name="script"),
    path("embed/k/<str:token>/", views.keyed, name="keyed"),
    path("embed/<slug:widget>/<path:thing>/", views.public, name="frame"),
]
