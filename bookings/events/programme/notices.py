"""Moved sessions: one mail with old and new, once the organiser was quiet for some minutes; a hundred edits are no hundred mails."""

from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max, Prefetch
from django.urls import reverse
from django.utils.translation import override

from bookings.events.boarding import boarding_of
from bookings.events.models import Event, Favourite, MovedNotice, Registration, SessionState, State, Ticket
from clocks import clock, when
from links.tokens import absolute
from post.mail import post
from verbs.each import each

AT_ONCE = 200  # tickets of one round
FOLDER = "events/programme/mail"


class Moved(NamedTuple):
    """A session as it was known, and as it is. ``now`` is "" where it is cancelled."""

    title: str
    was: str
    now: str


def tell_moved_sessions(now: datetime) -> int:
    """Write the mails that are due, one to each ticket. Returns how many tickets were looked at."""
    quiet = Event.objects.filter(sessions__moved_notices__isnull=False).annotate(
        at=Max("sessions__moved_notices__changed_at")
    )
    events = [event.pk for event in quiet if event.at + timedelta(minutes=event.quiet_minutes) <= now]
    rows = MovedNotice.objects.filter(session__event__in=events).order_by("ticket", "session__starts_at")
    tickets = rows.order_by("ticket").values_list("ticket", flat=True).distinct()[:AT_ONCE]
    notices = rows.filter(ticket__in=list(tickets)).select_related(
        "session__room", "session__event__hall__airport", "ticket__registration"
    )
    groups = [list(group) for _ticket, group in groupby(notices, attrgetter("ticket_id"))]
    return each(groups, tell, "attendees could not be told of moved sessions")


def tell(notices: list[MovedNotice]) -> None:
    """One mail to a ticket, with its notices deleted in its transaction: two processes never write it twice.

    Where another process has written it, or a session has been moved again since they were read, nothing is done.
    """
    ticket = notices[0].ticket
    with transaction.atomic():
        read_at = max(notice.changed_at for notice in notices)
        as_read = MovedNotice.objects.filter(pk__in=[notice.pk for notice in notices], changed_at__lte=read_at)
        deleted, _of = as_read.delete()
        if deleted != len(notices):
            transaction.set_rollback(True)
            return
        registration = ticket.registration
        email = ticket.email or registration.email
        with override(registration.language):
            moved = [found for found in map(moved_of, notices) if found]
            if ticket.is_cancelled or not moved or not email:
                return
            event = notices[0].session.event
            ticket.event = event
            context = {
                "event": event.title,
                "name": ticket.name or registration.name,
                "moved": moved,
                "link": absolute(reverse("events:own-programme", args=[ticket.token])),
            }
            post(f"{FOLDER}/moved", email, context, registration.language, about=registration)


def moved_of(notice: MovedNotice) -> Moved | None:
    """None where it is again as it was, or has begun."""
    session = notice.session
    tz = session.event.tz
    is_cancelled = session.state == SessionState.CANCELLED
    if (notice.was_at, notice.was_in, notice.was_cancelled) == (session.starts_at, session.room.name, is_cancelled):
        return None
    was = f"{when(notice.was_at, tz)}, {notice.was_in}"
    return Moved(session.title, was, "" if is_cancelled else f"{when(session.starts_at, tz)}, {session.room.name}")


# Flights


def tell_boarding(now: datetime) -> int:
    """Write to those whose flight boards before the event, or the last session they chose, ends: once for each time of boarding."""
    soon = Registration.objects.filter(
        state=State.CONFIRMED,
        flight__isnull=False,
        event__ends_at__gt=now,
        event__starts_at__lt=now + timedelta(days=1),
    )
    chosen = Favourite.objects.filter(session__state=SessionState.PLANNED).select_related("session")
    tickets = Ticket.objects.filter(cancelled_at=None).prefetch_related(Prefetch("favourites", chosen))
    rows = soon.select_related("flight__origin", "flight__airline", "event__hall__airport")
    return each(
        rows.prefetch_related(Prefetch("tickets", tickets)),
        tell_of_flight,
        "attendees could not be told of their boarding",
    )


def tell_of_flight(registration: Registration) -> None:
    """Its tickets are those that are not cancelled, with the planned sessions that their holders chose."""
    ticket = next(iter(registration.tickets.all()), None)
    if ticket is None:
        return
    boarding = boarding_of(registration)
    told = "" if boarding is None or boarding >= last_end(ticket) else boarding.isoformat()[:16]
    if told == registration.flight_told:
        return
    with transaction.atomic():
        mine = Registration.objects.filter(pk=registration.pk, flight_told=registration.flight_told).update(
            flight_told=told
        )
        if mine and told and registration.email:
            write_boarding(registration, boarding)


def last_end(ticket: Ticket) -> datetime:
    """When the last of the chosen sessions ends; of the event itself, where nothing is chosen."""
    ends = [favourite.session.ends_at for favourite in ticket.favourites.all()]
    return max(ends, default=ticket.registration.event.ends_at)


def write_boarding(registration: Any, boarding: datetime | None) -> None:
    event = registration.event
    with override(registration.language):
        context = {
            "event": event.title,
            "name": registration.name,
            "flight": registration.flight.designator,
            "gate": registration.flight.gate,
            "boarding": clock(boarding, event.tz),
            "link": absolute(registration.get_absolute_url()),
        }
        post(f"{FOLDER}/boarding", registration.email, context, registration.language, about=registration)
