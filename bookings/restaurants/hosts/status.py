"""Where a reservation stands at this minute, in words that a host acts on."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.restaurants.models import Stage, State
from bookings.restaurants.models.forecast import expected_end
from bookings.restaurants.models.slots import moment_of


class Standing(NamedTuple):
    """A word on a colour, and what there is to say beside it. ``is_overdue``: somebody should do something."""

    word: str
    tone: str
    detail: str = ""
    is_overdue: bool = False


def standing(reservation, now):
    return STANDINGS.get(reservation.state, ended)(reservation, now)


def held(reservation, now):
    return Standing(_("Held"), "info", _("until %(time)s") % {"time": reservation.clock(reservation.expires_at)})


def booked(reservation, now):
    late = minutes(reservation.starts_at, now)
    if late < 1:
        return Standing(_("Booked"), "calm")
    is_overdue = late > reservation.restaurant.grace
    return Standing(_("Late"), "bad" if is_overdue else "warn", _("%(n)s min") % {"n": late}, is_overdue)


def arrived(reservation, now):
    waits = minutes(reservation.arrived_at, now)
    return Standing(pgettext("a party", "Arrived"), "go", _("waits %(n)s min") % {"n": waits} if waits else "")


def seated(reservation, now):
    over = minutes(reservation.ends_at, now)
    word = str(Stage(reservation.stage).label) if reservation.stage else _("Seated")
    if over > 0:
        return Standing(word, "bad", _("%(n)s min over") % {"n": over}, is_overdue=True)
    detail = _("%(n)s min") % {"n": minutes(reservation.seated_at, now)}
    if reservation.overruns:
        due = reservation.clock(moment_of(reservation.first + reservation.count))
        detail += ", " + _("next party at %(time)s") % {"time": due}
        return Standing(word, "warn", detail, is_overdue=True)
    return Standing(word, "good", detail)


def finished(reservation, now):
    left = reservation.finished_at
    return Standing(_("Finished"), "calm", _("left %(time)s") % {"time": reservation.clock(left)} if left else "")


def no_show(reservation, now):
    objects = reservation.objection
    return Standing(
        _("No-show"), "warn" if objects else "calm", _("the guest objects") if objects else "", bool(objects)
    )


def ended(reservation, now):
    return Standing(str(State(reservation.state).label), "calm")


STANDINGS = {
    State.HELD: held,
    State.BOOKED: booked,
    State.ARRIVED: arrived,
    State.SEATED: seated,
    State.FINISHED: finished,
    State.NO_SHOW: no_show,
}


def minutes(since, now):
    """Whole minutes that have passed; below 0 for what is yet to come."""
    return int((now - since).total_seconds() // 60)


def back(reservation, now):
    """When its tables are expected back, on the restaurant's clock; nothing for those that have none."""
    if reservation.state in (State.BOOKED, State.ARRIVED, State.SEATED):
        return reservation.clock(expected_end(reservation, now))
    return ""


def who(reservation):
    return _("Being booked") if reservation.state == State.HELD and not reservation.name else reservation.display_name
