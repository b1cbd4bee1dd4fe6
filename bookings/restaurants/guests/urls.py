from django.urls import path

from bookings.restaurants.guests.views import booking, my_booking, search, waiting, widget

urls = [
    path("", search.restaurants, name="list"),
    path("mine/", my_booking.mine, name="mine"),
    path("mine/<str:token>/calendar.ics", my_booking.feed, name="feed"),
    path("held/<str:token>/", booking.held, name="held"),
    path("held/<str:token>/give-back/", booking.release, name="give-back"),
    path("booked/<str:token>/", my_booking.booked, name="booked"),
    path("booked/<str:token>/change/", my_booking.change, name="change"),
    path("booked/<str:token>/cancel/", my_booking.cancel, name="cancel"),
    path("booked/<str:token>/transfer/", my_booking.transfer, name="transfer"),
    path("booked/<str:token>/contest-no-show/", my_booking.contest_no_show, name="contest-no-show"),
    path("booked/<str:token>/calendar.ics", my_booking.calendar, name="calendar"),
    path("waiting/<str:token>/", waiting.waiting, name="waiting"),
    path("waiting/<str:token>/claim/", waiting.claim, name="claim"),
    path("waiting/<str:token>/leave/", waiting.leave, name="leave"),
    path("in-queue/<str:token>/", waiting.confirm, name="confirm-queue"),
    path("<slug:slug>/", search.restaurant, name="restaurant"),
    path("<slug:slug>/hold/", booking.hold, name="hold"),
    path("<slug:slug>/waitlist/", waiting.waitlist, name="waitlist"),
    path("<slug:slug>/queue/", waiting.queue, name="queue"),
    path("<slug:slug>/widget/", widget.widget, name="widget"),
]
