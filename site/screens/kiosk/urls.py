from django.urls import path

from screens.kiosk import views, worker

urls = [
    path("kiosk/", views.pair, name="pair"),
    path("kiosk/code/", views.code, name="code"),
    path("kiosk/worker.js", worker.worker, name="worker"),
    path("kiosk/starting.html", worker.starting, name="starting"),
    path("kiosk/start/<str:token>/", views.start, name="start"),
    path("kiosk/<slug:slug>/", views.screen, name="screen"),
    path("kiosk/<slug:slug>/beat/", views.beat, name="beat"),
]
