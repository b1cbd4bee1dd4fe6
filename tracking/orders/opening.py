"""When a shop can be ordered from. Hours, closings and the kitchen's end are read here and nowhere else, so that every page, the
API and the estimates say the same. Moments are aware; times of day are on the clock of the shop's airport."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from clocks import DAY, MINUTE, clock, day_begins, today, when
from tracking.orders.models.shops import Hours, Shop
from verbs.refusals import Refused

STEP = timedelta(minutes=15)  # between two times that one may choose
AT_ONCE = timedelta()  # the way of what is collected at the shop
AHEAD = 14  # days in which the next opening is looked for


class Span(NamedTuple):
    """A time without a break in which a shop is open. ``kitchen``: until then something can be made."""

    opens: datetime
    closes: datetime
    kitchen: datetime


class Time(NamedTuple):
    """A time at which something can be ready. ``words`` has the day where it is another than today."""

    at: datetime
    words: str
    is_today: bool


def spans(shop: Shop, first: date, days: int = 1) -> list[Span]:
    """When it is open: those spans that begin on these days, by the clock, without its closings."""
    hours = list(shop.hours.all())
    found = join(
        span_of(each, day, shop)
        for day in (first + DAY * number for number in range(days))
        for each in hours
        if str(day.isoweekday()) in each.weekdays
    )
    for closing in shop.closings.all():
        found = [part for span in found for part in without(span, closing.begins, closing.ends)]
    return found


def join(found: Iterable[Span]) -> list[Span]:
    """In order; those that touch are one, as of a shop that is open day and night."""
    joined: list[Span] = []
    for span in sorted(found):
        if joined and span.opens <= joined[-1].kitchen:
            last = joined.pop()
            span = Span(last.opens, max(last.closes, span.closes), max(last.kitchen, span.kitchen))
        joined.append(span)
    return joined


def span_of(hours: Hours, day: date, shop: Shop) -> Span:
    def moment(at: time, is_later: bool) -> datetime:
        return datetime.combine(day + DAY if is_later else day, at, shop.tz).astimezone(UTC)

    opens = moment(hours.opens, False)
    closes = moment(hours.closes, hours.closes <= hours.opens)
    kitchen = hours.kitchen_closes and moment(hours.kitchen_closes, hours.kitchen_closes <= hours.opens)
    return Span(opens, closes, min(closes, kitchen or closes))


def without(span: Span, begins: datetime, ends: datetime) -> Iterator[Span]:
    """What a closing leaves of a span."""
    if ends <= span.opens or begins >= span.closes:
        yield span
        return
    if begins > span.opens:
        yield Span(span.opens, begins, min(span.kitchen, begins))
    if ends < span.closes:
        yield Span(ends, span.closes, max(span.kitchen, ends))


def around(shop: Shop, at: datetime, days: int = 2) -> list[Span]:
    """The spans that end after ``at``: that of the evening before too, if it lasts until then."""
    return [span for span in spans(shop, today(shop.tz, at) - DAY, days + 1) if span.closes > at]


def span_at(shop: Shop, at: datetime) -> Span | None:
    return next((span for span in around(shop, at) if span.opens <= at), None)


def day_began(shop: Shop, at: datetime) -> datetime | None:
    """When the day began for which it is open: with its opening, also the evening before; of a shop that never closes, at
    midnight. None while it is closed."""
    span = span_at(shop, at)
    if span is None:
        return None
    return span.opens if at - span.opens < DAY else day_begins(today(shop.tz, at), shop.tz)


def is_open(shop: Shop, at: datetime) -> bool:
    return span_at(shop, at) is not None


def opens_at(shop: Shop, at: datetime) -> datetime | None:
    """When it opens next after ``at``; None where it does not within two weeks."""
    return next((span.opens for span in around(shop, at, AHEAD) if span.opens > at), None)


def closes_at(shop: Shop, at: datetime) -> datetime | None:
    """When it closes, if it is open."""
    span = span_at(shop, at)
    return span.closes if span else None


def kitchen_until(shop: Shop, at: datetime) -> datetime | None:
    """Until when its kitchen makes something, if the shop is open."""
    span = span_at(shop, at)
    return span.kitchen if span else None


def times(shop: Shop, now: datetime, minutes: int, walk: timedelta = AT_ONCE) -> list[Time]:
    """The times of today and tomorrow for which something that takes so long may be ordered; none while it is paused.

    ``walk``: how long it is carried after that. The times are those at which it is there, also after the kitchen has closed.
    """
    if shop.is_paused(now):
        return []
    day, found = today(shop.tz, now), []
    for span in around(shop, now):
        at = next_step(max(span.opens, now) + MINUTE * minutes + walk)
        while at - walk <= span.kitchen and today(shop.tz, at - walk) <= day + DAY:
            found.append(Time(at, when(at, shop.tz, day), today(shop.tz, at) == day))
            at += STEP
    return found


def next_step(moment: datetime) -> datetime:
    """The first quarter of an hour that is not before it."""
    late = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment - late + STEP if late else moment


def is_orderable(shop: Shop, now: datetime, minutes: int) -> bool:
    """Whether something that takes so long can be ordered for as soon as possible."""
    span = span_at(shop, now)
    return span is not None and not shop.is_paused(now) and now + MINUTE * minutes <= span.kitchen


def check_time(shop: Shop, wanted_at: datetime | None, now: datetime, minutes: int, walk: timedelta = AT_ONCE) -> None:
    """Raise Refused where nothing that takes so long can be there then. ``wanted_at`` None: as soon as possible, which is
    never silently another day: the sentence names the next time, and the customer chooses it. ``walk``: as for ``times``."""
    if shop.is_paused(now):
        until = when(shop.paused_until, shop.tz, today(shop.tz, now))
        raise Refused(_("%(shop)s takes no orders until %(time)s.") % {"shop": shop, "time": until})
    if wanted_at is None:
        if not is_orderable(shop, now, minutes):
            raise Refused(not_now(shop, now, minutes, walk))
    elif not is_possible(shop, wanted_at - walk, now, minutes):
        raise Refused(_("That time isn’t possible any more.") + " " + next_words(shop, now, minutes, walk))


def is_possible(shop: Shop, ready_at: datetime, now: datetime, minutes: int) -> bool:
    """Whether something that takes so long can be ready at the shop then."""
    needed = MINUTE * minutes
    last = today(shop.tz, now) + DAY
    return today(shop.tz, ready_at) <= last and any(
        max(span.opens, now) + needed <= ready_at <= span.kitchen for span in around(shop, now)
    )


def not_now(shop: Shop, now: datetime, minutes: int, walk: timedelta = AT_ONCE) -> str:
    """Why nothing can be ordered for now, and when it can next."""
    span = span_at(shop, now)
    if span is None:
        reason = _("%(shop)s is closed.") % {"shop": shop}
    elif span.kitchen <= now:
        reason = _("The kitchen is closed.")
    else:
        reason = _("The kitchen closes at %(time)s: this can’t be ready by then.") % {
            "time": clock(span.kitchen, shop.tz)
        }
    return f"{reason} {next_words(shop, now, minutes, walk)}"


def next_words(shop: Shop, now: datetime, minutes: int, walk: timedelta = AT_ONCE) -> str:
    """Which time one may choose instead, with its day where that is not today."""
    if found := times(shop, now, minutes, walk):
        return _("The next possible time is %(time)s.") % {"time": found[0].words}
    if at := opens_at(shop, now):
        return _("It opens again: %(time)s.") % {"time": when(at, shop.tz, today(shop.tz, now))}
    return _("It isn’t known when it opens again.")
