from django.urls import path

from bookings.seats.passengers import paying

urls = [path("pay/<str:token>/", paying.pay, name="pay")]
