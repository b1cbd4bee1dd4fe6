"""What the law gives a passenger whose flight is late, cancelled or missed: a hint, with the rule that it comes from.

EU: Regulation (EC) 261/2004, articles 5 to 9, and the judgments that count a delay of three hours at the arrival as a
cancellation (Sturgeon, C-402/07), count it at the last airport of a connection (Folkerts, C-11/11), and measure the
distance by the great circle from the first airport to the last (Bossen, C-559/16).
US: 14 CFR 260, a refund for a significant change of three hours, or six on an international journey. Imports no model.
"""

from datetime import timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from money import Money

KM_PER_MILE, KM_PER_NAUTICAL = 1.609344, 1.852
SHORT, MIDDLE = 1500, 3500  # km
COMPENSATED_FROM = timedelta(hours=3)  # at the arrival
REFUNDED_FROM = timedelta(hours=5)  # at the departure
SIGNIFICANT, SIGNIFICANT_ABROAD = timedelta(hours=3), timedelta(hours=6)
NOTICE = timedelta(days=14)

# The European Union with Iceland, Norway and Switzerland, where the regulation applies as well.
EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
        "IS",
        "NO",
        "CH",
        "GP",
        "GF",
        "MQ",
        "RE",
        "YT",
        "MF",
    ]  # parts of France far away
)
US = frozenset(["US", "PR", "VI", "GU", "AS", "MP"])


class Journey(NamedTuple):
    """From the first airport of a ticket to the last one."""

    origin_country: str
    destination_country: str
    km: int

    @property
    def is_from_eu(self) -> bool:
        return self.origin_country in EU

    @property
    def is_to_eu(self) -> bool:
        return self.destination_country in EU

    @property
    def is_within_eu(self) -> bool:
        return self.is_from_eu and self.is_to_eu

    @property
    def is_of_us(self) -> bool:
        return self.origin_country in US or self.destination_country in US

    @property
    def is_within_us(self) -> bool:
        return self.origin_country in US and self.destination_country in US


class Event(NamedTuple):
    """What has happened. ``departs_later`` and ``arrives_later``: than was booked; ``notice``: before the departure.

    ``arrives_later`` is that of the last flight. Who has missed it arrives later than that: nobody knows when yet.
    """

    is_off: bool = False  # cancelled, or the connection is missed
    departs_later: timedelta = timedelta()
    arrives_later: timedelta = timedelta()
    notice: timedelta = timedelta()
    is_missed: bool = False  # of what is off: only the connection


class Hint(NamedTuple):
    """A right in words. ``source``: the rule that gives it."""

    text: str
    source: str


def km_of(miles: int) -> int:
    return round(miles * KM_PER_MILE)


def compensation(km: int, is_within_eu: bool) -> int:
    """Whole euros by article 7: up to 1,500 km; within the Union beyond that, or up to 3,500 km; all others."""
    if km <= SHORT:
        return 250
    return 400 if is_within_eu or km <= MIDDLE else 600


def halved_within(km: int, is_within_eu: bool) -> timedelta:
    """Who arrives this much later on another flight at most gets half of the compensation: article 7, 2."""
    return timedelta(hours={250: 2, 400: 3, 600: 4}[compensation(km, is_within_eu)])


def compensation_after(km: int, is_within_eu: bool, arrives_later: timedelta) -> int:
    """Whole euros for who arrives this much later on another flight, after a cancellation at short notice."""
    amount = compensation(km, is_within_eu)
    return amount // 2 if arrives_later <= halved_within(km, is_within_eu) else amount


def care_from(km: int, is_within_eu: bool) -> timedelta:
    """The delay from which there are meals and, overnight, a hotel: article 6."""
    return halved_within(km, is_within_eu)  # the same hours by the same distances


def refund_from(journey: Journey) -> timedelta:
    """The delay from which a passenger who does not fly gets everything back. Where no law says it, we go by the shorter one."""
    if journey.is_of_us and not journey.is_within_us:
        return REFUNDED_FROM if journey.is_from_eu else SIGNIFICANT_ABROAD
    return REFUNDED_FROM if journey.is_from_eu else SIGNIFICANT


def hints(journey: Journey, event: Event) -> list[Hint]:
    """What may follow, in the language of the page; nothing for what is on time."""
    found = []
    if journey.is_from_eu or journey.is_to_eu:
        found += [Hint(text, "EU 261/2004") for text in european(journey, event)]
    if journey.is_of_us:
        found += [Hint(text, "US DOT, 14 CFR 260") for text in american(journey, event)]
    return found


def european(journey: Journey, event: Event) -> list[str]:
    texts = []
    within = journey.is_within_eu
    care = care_from(journey.km, within)
    euros = Money.of(compensation(journey.km, within), "EUR")
    half = Money.of(compensation(journey.km, within) // 2, "EUR")
    hours = hours_of(halved_within(journey.km, within))
    if event.is_off:
        texts.append(_("You may choose between another flight and your money back."))
    if event.is_off or event.departs_later >= care:
        texts.append(_("While you wait the airline gives you meals, and a hotel if you must stay overnight."))
    if event.is_off and not event.is_missed and event.notice < NOTICE:
        words = {"euros": euros, "half": half, "hours": hours}
        texts.append(
            _(
                "You may have a right to %(euros)s, or to %(half)s if another flight brings you there at most %(hours)s"
                " hours later. Not if the cause was extraordinary, such as a storm or a strike of air traffic control."
            )
            % words
        )
    elif event.is_missed or event.arrives_later >= COMPENSATED_FROM:
        is_half = (
            not event.is_missed
            and euros == Money.of(600, "EUR")
            and event.arrives_later < halved_within(journey.km, within)
        )
        texts.append(
            _(
                "If you arrive 3 hours late or more you may have a right to %(euros)s. Not if the cause was"
                " extraordinary, such as a storm or a strike of air traffic control."
            )
            % {"euros": half if is_half else euros}
        )
    if not event.is_off and event.departs_later >= REFUNDED_FROM:
        texts.append(_("The delay is 5 hours or more: if you do not fly you get your money back."))
    if texts and not journey.is_from_eu:
        texts.append(_("This applies if the airline that flies is one of the European Union."))
    return texts


def american(journey: Journey, event: Event) -> list[str]:
    limit = SIGNIFICANT if journey.is_within_us else SIGNIFICANT_ABROAD
    if event.is_off:
        return [_("If you do not take another flight you get all your money back, whatever your fare.")]
    if max(event.departs_later, event.arrives_later) >= limit:
        words = {"hours": hours_of(limit)}
        return [
            _(
                "The change is %(hours)s hours or more: if you do not fly you get all your money back, whatever your fare."
            )
            % words
        ]
    return []


def hours_of(limit: timedelta) -> int:
    return int(limit.total_seconds() // 3600)
