from django.urls import path

from bookings.events.door import queue_views, views

urls = [
    path("doors/", views.doors, name="doors"),
    path("<slug:slug>/door/", views.door, name="door"),
    path("<slug:slug>/door/conflicts/", views.conflicts, name="door-conflicts"),
    path("<slug:slug>/door/conflicts/seen/", views.seen, name="door-seen"),
    path("<slug:slug>/door/empty/", views.empty, name="door-empty"),
    path("<slug:slug>/door/worker.js", queue_views.worker, name="door-worker"),
    path("<slug:slug>/door/<int:list_>/", views.scanning, name="door-list"),
    path("<slug:slug>/door/<int:list_>/scan/", views.scanned, name="door-scan"),
    path("<slug:slug>/door/<int:list_>/ticket/<int:ticket>/", views.chosen, name="door-ticket"),
    path("<slug:slug>/door/<int:list_>/tickets/", queue_views.tickets, name="door-tickets"),
    path("<slug:slug>/door/<int:list_>/queued/", queue_views.queued, name="door-queued"),
]
