"""The parties of a flight, as the plans of the desk need them. Nothing here asks the database but ``parties_on``."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bookings.seats.layouts import Layout
from bookings.seats.layouts.choosing import fits, together
from bookings.seats.models import Booking, Coupon, Inventory, State
from bookings.seats.models.sitting import kind_of
from bookings.seats.models.states import CHILDREN, Kind


class Person(NamedTuple):
    """Somebody who needs a seat. ``kind`` is adult, child or infant, as layouts say; ``seat`` is "" for none."""

    coupon: int
    name: str
    kind: str = "adult"
    seat: str = ""
    needs_help: bool = False
    with_infant: bool = False

    @property
    def is_child(self) -> bool:
        return self.kind != "adult"


class PartyOn(NamedTuple):
    """The people of one booking who need a seat on one flight, in the order of the travellers."""

    booking: int
    reference: str
    cabin: str
    people: tuple[Person, ...]
    is_connecting: bool = False
    is_paid: bool = True
    is_held: bool = False  # a customer is booking at this moment
    booked: str = ""  # when, as text that can be compared

    @property
    def names(self) -> str:
        return ", ".join(person.name for person in self.people)

    @property
    def is_family(self) -> bool:
        return any(person.is_child or person.with_infant for person in self.people)

    @property
    def needs_help(self) -> bool:
        return any(person.needs_help for person in self.people)

    @property
    def is_unaccompanied(self) -> bool:
        return all(person.is_child for person in self.people)

    @property
    def children(self) -> set[int]:
        return {place for place, person in enumerate(self.people) if person.is_child}

    @property
    def precedence(self) -> tuple[object, ...]:
        """Who is seated first: children who travel alone, who needs help, connections, families; then paid before unpaid,
        and who booked first. Holds are last.
        """
        first = (self.is_unaccompanied, self.needs_help, self.is_connecting, self.is_family)
        return self.is_held, *(not each for each in first), not self.is_paid, self.booked, self.booking


def seats_for(plan: Layout, free: set[str], party: PartyOn) -> list[str]:
    """The best free seats for a whole party; none unless everybody has one that they may have, and each child an adult."""
    careful = party.is_family or party.needs_help
    choice = together(plan, free, len(party.people), children=party.children, avoid_exit=careful)
    if not choice or not (choice.family or party.is_unaccompanied):
        return []
    return choice.seats if all_fit(plan, choice.seats, party.people) else []


def all_fit(plan: Layout, seats: Sequence[str], people: Sequence[Person]) -> bool:
    return all(may_sit(plan, seat, person) for seat, person in zip(seats, people, strict=True))


def may_sit(plan: Layout, seat: str, person: Person) -> bool:
    return fits(plan.seats[seat], person.kind, needs_help=person.needs_help, with_infant=person.with_infant)


def parties_on(inventory: Inventory, now: datetime, *, with_holds: bool) -> list[PartyOn]:
    """Those who are expected on a flight, by booking."""
    expected = Coupon.objects.expected(now).filter(segment__inventory=inventory)
    if not with_holds:
        expected = expected.exclude(segment__booking__state=State.HELD)
    by_booking: dict[int, list[Coupon]] = {}
    related = ("traveller", "assignment", "segment__booking")
    for coupon in expected.select_related(*related).order_by("segment__booking", "traveller__position"):
        by_booking.setdefault(coupon.segment.booking_id, []).append(coupon)
    connecting = set(
        Booking.objects.filter(pk__in=by_booking, segments__position__gt=0).values_list("pk", flat=True).distinct()
    )
    return [party_of(coupons, coupons[0].segment.booking_id in connecting) for coupons in by_booking.values()]


def party_of(coupons: list[Coupon], is_connecting: bool) -> PartyOn:
    booking, segment = coupons[0].segment.booking, coupons[0].segment
    adults = {coupon.traveller.adult_id for coupon in coupons if coupon.traveller.kind == Kind.INFANT_LAP}
    people = tuple(
        Person(
            coupon.pk,
            str(coupon.traveller),
            kind_of(coupon.traveller) if coupon.traveller.kind in CHILDREN else "adult",
            coupon.seat,
            coupon.traveller.needs_help,
            coupon.traveller_id in adults,
        )
        for coupon in coupons
        if coupon.traveller.has_seat
    )
    return PartyOn(
        booking.pk,
        booking.reference,
        segment.cabin,
        people,
        is_connecting,
        booking.state == State.CONFIRMED,
        booking.state == State.HELD,
        (booking.booked_at or booking.made_at).isoformat(),
    )
