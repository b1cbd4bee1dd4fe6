"""The status of a reservation at a moment, in words that a host acts on."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.restaurants.models import Reservation, Stage, State
from bookings.restaurants.models.forecast import expected_end
from bookings.restaurants.models.slots import moment_of


class Status(NamedTuple):
    """A word on a colour, and a detail beside it. ``is_overdue``: a host should do something about it."""

    word: str
    tone: str
    detail: str = ""
    is_overdue: bool = False


def status_of(reservation: Reservation, now: datetime) -> Status:
    """What the book shows as the state of a reservation."""
    return STATUSES.get(State(reservation.state), ended)(reservation, now)


def held(reservation: Reservation, now: datetime) -> Status:
    return Status(_("Held"), "info", _("until %(time)s") % {"time": reservation.clock(reservation.expires_at)})


def booked(reservation: Reservation, now: datetime) -> Status:
    late = minutes_since(reservation.starts_at, now)
    if late < 1:
        return Status(_("Booked"), "calm")
    is_overdue = late > reservation.restaurant.grace
    return Status(_("Late"), "bad" if is_overdue else "warn", _("%(n)s min") % {"n": late}, is_overdue)


def arrived(reservation: Reservation, now: datetime) -> Status:
    wait = minutes_since(reservation.arrived_at, now)
    return Status(pgettext("a party", "Arrived"), "go", _("waiting %(n)s min") % {"n": wait} if wait else "")


def seated(reservation: Reservation, now: datetime) -> Status:
    over = minutes_since(reservation.ends_at, now)
    word = str(Stage(reservation.stage).label) if reservation.stage else _("Seated")
    if over > 0:
        return Status(word, "bad", _("%(n)s min over") % {"n": over}, is_overdue=True)
    detail = _("%(n)s min") % {"n": minutes_since(reservation.seated_at, now)}
    if reservation.overruns:
        due = reservation.clock(moment_of(reservation.first + reservation.count))
        detail += ", " + _("next party at %(time)s") % {"time": due}
        return Status(word, "warn", detail, is_overdue=True)
    return Status(word, "good", detail)


def finished(reservation: Reservation, now: datetime) -> Status:
    left_at = reservation.finished_at
    return Status(_("Finished"), "calm", _("left %(time)s") % {"time": reservation.clock(left_at)} if left_at else "")


def no_show(reservation: Reservation, now: datetime) -> Status:
    if not reservation.objection:
        return Status(_("No-show"), "calm")
    return Status(_("No-show"), "warn", _("the guest objects"), is_overdue=True)


def ended(reservation: Reservation, now: datetime) -> Status:
    return Status(str(State(reservation.state).label), "calm")


STATUSES = {
    State.HELD: held,
    State.BOOKED: booked,
    State.ARRIVED: arrived,
    State.SEATED: seated,
    State.FINISHED: finished,
    State.NO_SHOW: no_show,
}


def minutes_since(moment: datetime, now: datetime) -> int:
    """Full minutes; below 0 for a moment that is yet to come."""
    return int((now - moment).total_seconds() // 60)


def due_back(reservation: Reservation, now: datetime) -> str:
    """When its tables are expected back, on the restaurant's clock; "" for a reservation that expects no table."""
    if reservation.state in (State.BOOKED, State.ARRIVED, State.SEATED):
        return reservation.clock(expected_end(reservation, now))
    return ""


def guest_name(reservation: Reservation) -> str:
    """What the book calls a party."""
    is_unnamed = reservation.state == State.HELD and not reservation.name
    return _("Being booked") if is_unnamed else reservation.display_name
