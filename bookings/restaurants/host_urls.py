from django.urls import path

from bookings.restaurants.views import host

urls = [
    path("<slug:slug>/book/", host.book, name="book"),
    path("<slug:slug>/book/new/", host.new_booking, name="book-new"),
    path("<slug:slug>/book/walk-in/", host.walk_in, name="book-walk-in"),
    path("<slug:slug>/book/close/", host.close, name="book-close"),
    path("<slug:slug>/book/close/<int:pk>/reopen/", host.reopen, name="book-reopen"),
    path("<slug:slug>/book/queue/", host.queue, name="book-queue"),
    path("<slug:slug>/book/queue/<int:pk>/", host.queued, name="book-queued"),
    path("<slug:slug>/book/queue/<int:pk>/<slug:verb>/", host.change_queued, name="book-change-queued"),
    path("<slug:slug>/book/table/<int:pk>/", host.table, name="book-table"),
    path("<slug:slug>/book/<slug:reference>/", host.reservation, name="book-reservation"),
    path("<slug:slug>/book/<slug:reference>/<slug:verb>/", host.change, name="book-change"),
]
