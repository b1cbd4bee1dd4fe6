"""How many places are left, and what it means for who wants one: the same words on the list, the calendar and the event's page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.events.attendees.reading import Reading
from bookings.events.models import Event, EventState, Left, TicketType, Use, WaitlistEntry
from clocks import earliest, when
from money import Money

BEST = [Left.FREE, Left.HELD, Left.KEPT, Left.UNPAID, Left.GONE, Left.CLOSED]  # the most hopeful first
TONES = {
    Left.FREE: "good",
    Left.HELD: "warn",
    Left.KEPT: "bad",
    Left.UNPAID: "warn",
    Left.GONE: "bad",
    Left.CLOSED: "calm",
}


class Shown(NamedTuple):
    """What is left, in words. ``meaning``: what that is for the reader; "" where a number says it all.

    ``count``: all places that are left, of whatever ticket type; the words may say less.
    """

    state: str
    count: int
    words: str
    meaning: str = ""

    @property
    def tone(self) -> str:
        return TONES[Left(self.state)]


class TypeRow(NamedTuple):
    """A ticket type, as it stands on the page of its event."""

    id: int
    name: str
    about: str
    price: str
    was: str  # the price without the voucher
    amount: int  # the price in minor units
    sale_begins: datetime | None  # where that is still to come
    has_waitlist: bool
    needs_approval: bool
    waiting: str  # the address of the reader's own place in line; "" for who does not wait
    left: Shown

    @property
    def may_wait(self) -> bool:
        return (
            self.has_waitlist and not self.waiting and self.left.state in (Left.HELD, Left.KEPT, Left.UNPAID, Left.GONE)
        )


def left_of_event(event: Event, reading: Reading, types: Iterable[TicketType], now: datetime) -> Shown:
    """Of all its types that everybody may have. Those that share places are not added up, and where no quota is that of all of
    them (a ticket for each day), the words are about the type of which most are left: nobody takes the sum for their day.
    """
    if closed := closed_words(event, now):
        return Shown(Left.CLOSED, 0, closed)
    open_types = [type_ for type_ in types if not type_.is_hidden and type_.is_on_sale(now)]
    if not open_types:
        return Shown(Left.CLOSED, 0, _("Not on sale now"))
    keys = [type_.pk for type_ in open_types]
    count = sum(reading.together(keys).values())
    if not count:
        return shown(min(map(reading.left, keys), key=BEST.index), 0, event.takes_waiters(now))
    found = shown(Left.FREE, count, event.takes_waiters(now))
    if set.intersection(*(set(reading.quotas_of.get(key, ())) for key in keys)):
        return found
    return found._replace(words=up_to_words(max(map(reading.public_left, keys))))


def up_to_words(most: int) -> str:
    return ngettext("Up to %(count)s place left", "Up to %(count)s places left", most) % {"count": most}


def left_of_type(event: Event, type_: TicketType, reading: Reading, now: datetime) -> Shown:
    if closed := closed_words(event, now) or closed_type_words(event, type_, now):
        return Shown(Left.CLOSED, 0, closed)
    found = shown(reading.left(type_.pk), reading.public_left(type_.pk), event.takes_waiters(now), type_.is_hidden)
    kept = kept_for_waiting(reading, type_.pk)
    if kept and found.state not in (Left.FREE, Left.KEPT):
        words = ngettext(
            "%(kept)s place is kept for people on the waitlist.",
            "%(kept)s places are kept for people on the waitlist.",
            kept,
        )
        found = found._replace(meaning=f"{found.meaning} {words % {'kept': kept}}".strip())
    return found


def kept_for_waiting(reading: Reading, type_: int) -> int:
    """How many places are offered to, or gathered for, parties on the waitlist, of the quotas that are used up."""
    uses = [reading.uses(quota) for quota in reading.quotas_of.get(type_, ()) if reading.free(quota) <= 0]
    return max((found[Use.OFFERED] + found[Use.GATHERED] for found in uses), default=0)


def shown(state: Left, count: int, has_waitlist: bool, is_hidden: bool = False) -> Shown:
    """The state in words. Who waits gets what comes back first, so nobody is told to come again for it where there is a waitlist.

    Nobody can wait for a hidden type.
    """
    if state == Left.FREE:
        return Shown(state, count, ngettext("%(count)s place left", "%(count)s places left", count) % {"count": count})
    sold_out = _("Sold out, waitlist open") if has_waitlist and not is_hidden else _("Sold out")
    waitlist = " " + _("Who is on the waitlist is asked first.") if has_waitlist else ""
    if state == Left.HELD:
        meaning = _("Other people are filling in their forms. Places that they leave come back here within minutes.")
        return Shown(state, 0, _("None free at the moment"), meaning + waitlist)
    if state == Left.KEPT:
        meaning = _("What comes back is kept for people who wait, and offered to them one after the other.")
        return Shown(state, 0, sold_out, meaning)
    if state == Left.UNPAID:
        meaning = _("Some are not paid yet or wait for approval. A few may come back.")
        return Shown(state, 0, _("All taken, not all final"), meaning + waitlist)
    if state == Left.GONE:
        meaning = _("A place comes back only if somebody cancels.")
        return Shown(state, 0, sold_out, meaning + waitlist)
    return Shown(state, 0, _("Not on sale"))


def closed_words(event: Event, now: datetime) -> str:
    """Why nobody can register for an event; "" while it is on sale."""
    if event.state == EventState.CANCELLED:
        return _("Cancelled")
    if event.has_ended(now):
        return _("Over")
    if event.sale_from and now < event.sale_from:
        return _("On sale from %(when)s") % {"when": when(event.sale_from, event.tz)}
    return "" if event.is_on_sale(now) else _("Registration is closed")


def closed_type_words(event: Event, type_: TicketType, now: datetime) -> str:
    if type_.is_on_sale(now):
        return ""
    if type_.sale_from and now < type_.sale_from:
        return _("On sale from %(when)s") % {"when": when(type_.sale_from, event.tz)}
    return _("No longer on sale")


def type_rows(
    event: Event, reading: Reading, now: datetime, voucher: Any = None, entries: Iterable[WaitlistEntry] = ()
) -> list[TypeRow]:
    """The types that somebody sees: all but the hidden ones, and with a voucher those that it opens, at its prices.

    ``entries``: those of the reader on the waitlist.
    """
    waiting = {entry.type_id: entry.get_absolute_url() for entry in entries}
    return [
        TypeRow(
            type_.pk,
            type_.name,
            type_.about,
            price_words(voucher_price(type_, voucher), event.currency),
            price_words(type_.price, event.currency) if voucher_price(type_, voucher) != type_.price else "",
            voucher_price(type_, voucher),
            sale_begins(event, type_, now),
            event.takes_waiters(now) and not type_.is_hidden,
            type_.needs_approval,
            waiting.get(type_.pk, ""),
            found,
        )
        for type_ in event.types.all()
        if not type_.is_hidden or opens(voucher, type_)
        for found in [left_of_type(event, type_, reading, now)]
    ]


def sale_begins(event: Event, type_: TicketType, now: datetime) -> datetime | None:
    moments = [moment for moment in (event.sale_from, type_.sale_from) if moment and moment > now]
    return max(moments, default=None)


def opens(voucher: Any, type_: TicketType) -> bool:
    return voucher is not None and voucher.type_id in (None, type_.pk)


def voucher_price(type_: TicketType, voucher: Any) -> int:
    return int(voucher.price_of(type_.price)) if opens(voucher, type_) else type_.price


def price_words(price: int, currency: str) -> str:
    return str(Money(price, currency)) if price else _("Free of charge")


def price_range(types: Iterable[TicketType], currency: str) -> str:
    prices = sorted({type_.price for type_ in types if not type_.is_hidden})
    if not prices:
        return ""
    if len(prices) == 1:
        return price_words(prices[0], currency)
    words = {"least": price_words(prices[0], currency), "most": price_words(prices[-1], currency)}
    return (_("%(least)s to %(most)s") if prices[0] else _("Free of charge, or up to %(most)s")) % words


def next_change(events: Iterable[Event], types: Iterable[TicketType], now: datetime) -> datetime | None:
    """When time alone opens or closes a sale, or begins or ends an event."""
    moments = [
        moment for event in events for moment in (event.sale_from, event.sale_ends_at, event.starts_at, event.ends_at)
    ]
    moments += [moment for type_ in types for moment in (type_.sale_from, type_.sale_until)]
    return earliest(*(moment for moment in moments if moment and moment > now))
