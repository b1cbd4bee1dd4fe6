from django.urls import path

from bookings.seats.desk import aircraft_views, rebooking_views, views

urls = [
    path("desk/", views.desk, name="desk"),
    path("desk/<int:pk>/", views.flight, name="desk-flight"),
    path("desk/<int:pk>/passengers.csv", views.passengers_csv, name="desk-csv"),
    path("desk/<int:pk>/aircraft/", aircraft_views.aircraft, name="desk-aircraft"),
    path("desk/<int:pk>/rebooking/", rebooking_views.rebooking, name="desk-rebooking"),
    path("desk/<int:pk>/<slug:verb>/", views.change, name="desk-change"),
    path("desk/traveller/<int:coupon>/", views.traveller, name="desk-traveller"),
    path("desk/traveller/<int:coupon>/<slug:verb>/", views.traveller_change, name="desk-traveller-change"),
]
