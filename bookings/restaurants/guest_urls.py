from django.urls import path

from bookings.restaurants.views import guest, own, waiting, widget

urls = [
    path("", guest.restaurants, name="list"),
    path("mine/", own.mine, name="mine"),
    path("mine/<str:token>/calendar.ics", own.feed, name="feed"),
    path("held/<str:token>/", guest.held, name="held"),
    path("held/<str:token>/give-back/", guest.give_back, name="give-back"),
    path("booked/<str:token>/", own.booked, name="booked"),
    path("booked/<str:token>/change/", own.change, name="change"),
    path("booked/<str:token>/cancel/", own.cancel, name="cancel"),
    path("booked/<str:token>/hand-on/", own.hand_on, name="hand-on"),
    path("booked/<str:token>/dispute/", own.dispute, name="dispute"),
    path("booked/<str:token>/calendar.ics", own.calendar, name="calendar"),
    path("waiting/<str:token>/", waiting.waiting, name="waiting"),
    path("waiting/<str:token>/claim/", waiting.claim, name="claim"),
    path("waiting/<str:token>/leave/", waiting.leave, name="leave"),
    path("<slug:slug>/", guest.restaurant, name="restaurant"),
    path("<slug:slug>/hold/", guest.hold, name="hold"),
    path("<slug:slug>/waitlist/", waiting.waitlist, name="waitlist"),
    path("<slug:slug>/queue/", waiting.queue, name="queue"),
    path("<slug:slug>/widget/", widget.widget, name="widget"),
]
