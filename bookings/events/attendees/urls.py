from django.urls import path

from bookings.events.attendees import calendar, events, holding, registration, tickets

urls = [
    path("", events.events, name="events"),
    path("held/<str:token>/", holding.held, name="held"),
    path("held/<str:token>/extend/", holding.extend, name="extend"),
    path("held/<str:token>/again/", holding.again, name="again"),
    path("held/<str:token>/release/", holding.release, name="release"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("mine/", registration.mine, name="mine"),
    path("registration/<str:token>/", registration.registration, name="registration"),
    path("registration/<str:token>/pay/", registration.pay, name="pay"),
    path("registration/<str:token>/change/", registration.change, name="change"),
    path("registration/<str:token>/transfer/", registration.transfer, name="transfer"),
    path("registration/<str:token>/cancel/", registration.cancel, name="cancel"),
    path("registration/<str:token>/cancel/<int:position>/", registration.cancel_ticket, name="cancel-ticket"),
    path("registration/<str:token>/flight/", registration.flight, name="flight"),
    path("registration/<str:token>/revoke/", registration.revoke, name="revoke"),
    path("ticket/<str:token>/", tickets.ticket, name="ticket"),
    path("ticket/<str:token>/calendar.ics", tickets.calendar, name="ticket-calendar"),
    path("<slug:slug>/", events.event, name="event"),
    path("<slug:slug>/hold/", events.hold, name="hold"),
]
