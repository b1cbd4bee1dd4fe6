from django.urls import path

from bookings.restaurants.hosts.views import arrivals, book, closing, queue, reservation

urls = [
    path("<slug:slug>/book/", book.book, name="book"),
    path("<slug:slug>/book/new/", arrivals.new_booking, name="book-new"),
    path("<slug:slug>/book/walk-in/", arrivals.walk_in, name="book-walk-in"),
    path("<slug:slug>/book/close/", closing.close, name="book-close"),
    path("<slug:slug>/book/close/<int:pk>/reopen/", closing.reopen, name="book-reopen"),
    path("<slug:slug>/book/queue/", queue.queue, name="book-queue"),
    path("<slug:slug>/book/card/", queue.card, name="book-card"),
    path("<slug:slug>/book/queue/<int:pk>/", queue.queue_entry, name="book-queue-entry"),
    path("<slug:slug>/book/queue/<int:pk>/<slug:verb>/", queue.change_queue_entry, name="book-change-queue-entry"),
    path("<slug:slug>/book/waitlist/<int:pk>/", queue.waitlist_entry, name="book-waitlist-entry"),
    path(
        "<slug:slug>/book/waitlist/<int:pk>/<slug:verb>/",
        queue.change_waitlist_entry,
        name="book-change-waitlist-entry",
    ),
    path("<slug:slug>/book/table/<int:pk>/", arrivals.table, name="book-table"),
    path("<slug:slug>/book/<slug:reference>/", reservation.reservation, name="book-reservation"),
    path("<slug:slug>/book/<slug:reference>/<slug:verb>/", reservation.change, name="book-change"),
]
