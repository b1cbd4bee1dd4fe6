"""What time has ended is written down. The places are free without this, in the query."""

from datetime import datetime

from bookings.events.models import Event, EventState, Registration, State
from bookings.events.models.states import ASKING, LIVE
from verbs.each import each

AT_ONCE = 50  # registrations of cancelled events that one round ends


def lapse_expired(now: datetime) -> int:
    """End the registrations whose time is over: what was held is released, what was not paid lapses. Returns how many."""
    over = Registration.objects.filter(expires_at__lte=now).select_related("event__hall__airport")
    released = each(over.filter(state__in=ASKING), lambda one: one.release(), "holds could not be released")
    return released + each(over.filter(state=State.UNPAID), lambda one: one.lapse(), "unpaid could not lapse")


def end_cancelled(now: datetime) -> int:
    """End the registrations of events that were cancelled, some in each round. Returns how many."""
    cancelled = Event.objects.filter(state=EventState.CANCELLED)
    rows = Registration.objects.filter(event__in=cancelled, state__in=LIVE).select_related("event__hall__airport")
    return each(
        rows.order_by("pk")[:AT_ONCE],
        lambda one: one.call_off(one.event.reason),
        "registrations of a cancelled event could not be ended",
    )
