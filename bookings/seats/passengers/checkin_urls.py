from django.urls import path

from bookings.seats.passengers import checkin, checkin_worker

urls = [
    path("check-in/<str:token>/", checkin.check_in, name="check-in"),
    path("check-in/<str:token>/undo/", checkin.undo, name="undo-check-in"),
    path("passes/worker.js", checkin_worker.worker, name="pass-worker"),
    path("passes/<str:token>/<int:pk>/", checkin.boarding_pass, name="pass"),
]
