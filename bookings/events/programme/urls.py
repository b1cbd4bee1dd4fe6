from django.urls import path

from bookings.events.programme import editing, files, views

urls = [
    path("<slug:slug>/programme/", views.programme, name="programme"),
    path("<slug:slug>/programme/edit/", editing.edit, name="programme-edit"),
    path("<slug:slug>/programme/edit/add/", editing.add, name="session-add"),
    path("<slug:slug>/programme/edit/room/", editing.add_room, name="room-add"),
    path("<slug:slug>/programme/edit/import/", files.take_in, name="programme-import"),
    path("<slug:slug>/programme/edit/<int:session>/", editing.session, name="session-edit"),
    path("<slug:slug>/programme/edit/<int:session>/<slug:verb>/", editing.change, name="session-change"),
    path("<slug:slug>/programme/<int:pk>/", views.session, name="session"),
    path("<slug:slug>/programme/<int:pk>/choose/", views.choose, name="session-choose"),
    path("<slug:slug>/programme/<int:pk>/leave/", views.leave, name="session-leave"),
    path("<slug:slug>/schedule.json", files.schedule_json, name="schedule-json"),
    path("<slug:slug>/schedule.xml", files.schedule_xml, name="schedule-xml"),
    path("mine/<str:token>/calendar.ics", files.feed, name="feed"),
    path("ticket/<str:token>/programme/", views.own_programme, name="own-programme"),
    path("ticket/<str:token>/programme.ics", files.own_calendar, name="own-calendar"),
]
