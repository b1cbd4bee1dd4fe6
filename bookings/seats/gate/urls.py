from django.urls import path

from bookings.seats.gate import views

urls = [
    path("gate/", views.flights, name="gate-flights"),
    path("gate/<int:pk>/", views.flight, name="gate"),
    path("gate/<int:pk>/scan/", views.scanned, name="gate-scan"),
    path("gate/<int:pk>/board/<int:coupon>/", views.chosen, name="gate-board"),
    path("gate/<int:pk>/undo/<int:coupon>/", views.undo, name="gate-undo"),
]
