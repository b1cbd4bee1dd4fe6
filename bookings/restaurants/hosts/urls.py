from django.urls import path

from bookings.restaurants.hosts import views

urls = [
    path("<slug:slug>/book/", views.book, name="book"),
    path("<slug:slug>/book/new/", views.new_booking, name="book-new"),
    path("<slug:slug>/book/walk-in/", views.walk_in, name="book-walk-in"),
    path("<slug:slug>/book/close/", views.close, name="book-close"),
    path("<slug:slug>/book/close/<int:pk>/reopen/", views.reopen, name="book-reopen"),
    path("<slug:slug>/book/queue/", views.queue, name="book-queue"),
    path("<slug:slug>/book/queue/<int:pk>/", views.queued, name="book-queued"),
    path("<slug:slug>/book/queue/<int:pk>/<slug:verb>/", views.change_queued, name="book-change-queued"),
    path("<slug:slug>/book/table/<int:pk>/", views.table, name="book-table"),
    path("<slug:slug>/book/<slug:reference>/", views.reservation, name="book-reservation"),
    path("<slug:slug>/book/<slug:reference>/<slug:verb>/", views.change, name="book-change"),
]
