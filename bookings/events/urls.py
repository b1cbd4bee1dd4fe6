"""The addresses of events. Those with a word of their own come before those of an event."""

from bookings.events.attendees.urls import urls as attendees
from bookings.events.door.urls import urls as door
from bookings.events.organisers.urls import urls as organisers
from bookings.events.present.urls import urls as present
from bookings.events.programme.urls import urls as programme
from bookings.events.waiters.urls import urls as waiters

app_name = "events"
urlpatterns = [*organisers, *door, *present, *programme, *waiters, *attendees]
