from django.urls import path

from bookings.events.organisers import places, views

urls = [
    path("organised/", views.organised, name="organised"),
    path("<slug:slug>/guests/", views.guest_list, name="guests"),
    path("<slug:slug>/guests.csv", views.guests_csv, name="guests-csv"),
    path("<slug:slug>/guests/<int:pk>/", views.guest, name="guest"),
    path("<slug:slug>/guests/<int:pk>/<slug:verb>/", views.guest_change, name="guest-change"),
    path("<slug:slug>/places/", places.places, name="places"),
    path("<slug:slug>/places/vouchers/issue/", places.issue, name="voucher-issue"),
    path("<slug:slug>/places/vouchers/change/", places.change_voucher, name="voucher-change"),
    path("<slug:slug>/places/vouchers/withdraw/", places.withdraw, name="voucher-withdraw"),
    path("<slug:slug>/places/waitlist/<int:entry>/remove/", places.remove, name="waiter-remove"),
    path("<slug:slug>/places/<slug:verb>/", places.change, name="places-change"),
]
