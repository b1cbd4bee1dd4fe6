"""What another aircraft means for everybody who has a seat. Pure: nothing here asks the database.

Everybody keeps a seat that is there in the same cabin and that they may have. The others get one like it, a party as a
whole: in the order of ``PartyOn.precedence``. A party with children is seated side by side or not at all; of one without
children some may be left over when seats run out. Blocked seats stay blocked. Nobody is put into another cabin.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

from bookings.seats.desk.parties import PartyOn, Person, all_fit, may_sit, seats_for
from bookings.seats.layouts import Layout
from bookings.seats.layouts.choosing import apart


class Move(NamedTuple):
    """One traveller, with the seat of before and that of after; "" for none."""

    party: PartyOn
    person: Person
    seat: str

    @property
    def is_kept(self) -> bool:
        return bool(self.seat) and self.seat == self.person.seat


class Change(NamedTuple):
    """What becomes of everybody. ``elsewhere``: of seats that others have sold, by their code of before; "" for none."""

    moves: tuple[Move, ...]
    elsewhere: Mapping[str, str]
    blocked: tuple[str, ...]
    blocked_gone: tuple[str, ...]

    @property
    def kept(self) -> list[Move]:
        return [move for move in self.moves if move.is_kept]

    @property
    def moved(self) -> list[Move]:
        return [move for move in self.moves if move.seat and not move.is_kept]

    @property
    def unseated(self) -> list[Move]:
        return [move for move in self.moves if not move.seat]

    @property
    def elsewhere_unseated(self) -> int:
        return sum(not seat for seat in self.elsewhere.values())

    @property
    def seats(self) -> dict[int, str]:
        """The seat of each ticket."""
        return {move.person.coupon: move.seat for move in self.moves}

    @property
    def fingerprint(self) -> str:
        """The same for the same plan: what was agreed to is what is done, or nothing."""
        text = repr((sorted(self.seats.items()), sorted(self.elsewhere.items()), self.blocked, self.blocked_gone))
        return blake2b(text.encode(), digest_size=12).hexdigest()


def plan_change(
    old: Layout,
    new: Layout,
    parties: Sequence[PartyOn],
    elsewhere: Iterable[tuple[str, str]] = (),
    blocked: Iterable[str] = (),
) -> Change:
    """The seats that others have sold are in ``elsewhere``, as (seat, cabin). Their passengers are not known here."""
    blocked = sorted(blocked)
    free = set(new.seats) - set(blocked)
    in_order = sorted(parties, key=lambda party: party.precedence)
    given: dict[int, str] = {}
    for party in in_order:
        for person in staying(new, free, party):
            given[person.coupon] = person.seat
            free.discard(person.seat)
    others = sorted(elsewhere)
    theirs = {seat: seat for seat, cabin in others if seat in free and new.seats[seat].cabin == cabin}
    free -= set(theirs)
    for party in in_order:
        if any(person.coupon not in given for person in party.people):
            seat_again(old, new, free, party, given)
    for party in in_order:
        if not party.is_family:
            squeeze(old, new, free, party, given)
    for seat, cabin in others:
        if seat not in theirs:
            theirs[seat] = most_like(old, new, in_cabin(new, free, cabin), seat)
            free.discard(theirs[seat])
    moves = tuple(Move(party, person, given.get(person.coupon, "")) for party in in_order for person in party.people)
    gone = tuple(seat for seat in blocked if seat not in new.seats)
    return Change(moves, theirs, tuple(seat for seat in blocked if seat in new.seats), gone)


def staying(new: Layout, free: set[str], party: PartyOn) -> list[Person]:
    """Those of a party who keep their seats: all of a family or none, so that children stay beside their adults."""
    keep = [
        person
        for person in party.people
        if person.seat in free and new.seats[person.seat].cabin == party.cabin and may_sit(new, person.seat, person)
    ]
    if not party.children or party.is_unaccompanied:
        return keep
    whole = len(keep) == len(party.people)
    return keep if whole and not apart(new, [person.seat for person in keep], party.children) else []


def seat_again(old: Layout, new: Layout, free: set[str], party: PartyOn, given: dict[int, str]) -> None:
    """Seats for a whole party: one alone like the one of before, several side by side."""
    kept = {given[person.coupon] for person in party.people if person.coupon in given}
    open_to = in_cabin(new, free | kept, party.cabin)
    if len(party.people) == 1:
        (person,) = party.people
        seat = most_like(old, new, {each for each in open_to if may_sit(new, each, person)}, person.seat)
        seats = [seat] if seat else []
    else:
        seats = seats_for(new, open_to, party)
    if seats and all_fit(new, seats, party.people):
        free |= kept
        free -= set(seats)
        given |= {person.coupon: seat for person, seat in zip(party.people, seats, strict=True)}


def squeeze(old: Layout, new: Layout, free: set[str], party: PartyOn, given: dict[int, str]) -> None:
    """Single seats for those of a party who have none yet."""
    for person in party.people:
        if person.coupon not in given:
            open_to = {seat for seat in in_cabin(new, free, party.cabin) if may_sit(new, seat, person)}
            if seat := most_like(old, new, open_to, person.seat):
                given[person.coupon] = seat
                free.discard(seat)


def in_cabin(plan: Layout, seats: Iterable[str], cabin: str) -> set[str]:
    return {seat for seat in seats if plan.seats[seat].cabin == cabin}


def most_like(old: Layout, new: Layout, free: Iterable[str], lost: str) -> str:
    """The free seat most like one of the former aircraft: window, aisle or middle, then legroom, the row and the side."""
    seats = [new.seats[code] for code in free]
    if not seats:
        return ""
    if lost not in old.seats:
        return min(seats, key=lambda seat: (seat.row, seat.column)).code
    gone = old.seats[lost]
    return min(
        seats,
        key=lambda seat: (
            seat.kind != gone.kind,
            seat.has_legroom != gone.has_legroom,
            abs(seat.row - gone.row),
            seat.side != gone.side,
            seat.row,
            seat.column,
        ),
    ).code
