"""Who on a waitlist gets what now: a simulation over parties and free places, without a database.

    simulation = Simulation(parties, free, quotas_of, ends, freed, now, gather_for)
    simulation.decisions()      # one for each party, in the order of the queue
    simulation.left(type_)      # what nobody who waits can be given: anybody may buy it

The queue is walked in the order of joining, and each party gets what fits it now, in all quotas of its ticket type. A party
gets its places together or not at all. So that a group is not passed for ever, the first party that does not fit gathers:
places that are freed are kept for it, until it fits or until its time is over. Then they go on to those who fit, and what
is left of them to everybody. The party keeps its position; it gathers again only once all that waited behind it and fit
have been served.

Only places that have just been freed are gathered. What is on sale stays on sale: nobody takes the last places of an event
from the public by joining its waitlist with a large group.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple


class Party(NamedTuple):
    """``size`` people who want places of one type together; they would also take ``least``. The keys are of no meaning here.

    ``gathered``: places that are kept for it until ``gathers_until``. ``passed_on_at``: when such places last went on.
    """

    key: int
    type: int
    size: int
    joined_at: datetime
    least: int = 0  # 0: all of them
    gathered: int = 0
    gathers_until: datetime | None = None
    passed_on_at: datetime | None = None

    @property
    def fewest(self) -> int:
        return self.least or self.size


class Step(Enum):
    OFFER = "offer"  # ``count`` places, until ``until``
    GATHER = "gather"  # ``count`` places are kept for it in all, until ``until``
    LET_GO = "let go"  # what was gathered for it goes on; ``count`` places
    WAIT = "wait"


class Why(Enum):
    """Why a party that waits was given nothing."""

    NOT_ON_SALE = "not on sale"  # its ticket type, or the event
    NOTHING_FREE = "nothing free"
    TOO_FEW = "too few"  # ``count`` are free, which is less than it takes
    KEPT = "kept"  # what is freed is gathered for a party before it
    RESTS = "rests"  # it gathered in vain, and those behind it who fit come first


class Decision(NamedTuple):
    party: Party
    step: Step
    count: int = 0
    until: datetime | None = None
    why: Why | None = None


class Simulation:
    """Places are counted by the key of a quota, and quotas are found by the key of a ticket type.

    ``free``: what is free of each quota, negative where it is overdrawn; gathered places are not free. ``freed``: how much of
    it has become free just now. ``ends``: until when an offer of a type may last; a type that is missing is not on sale.
    """

    def __init__(
        self,
        parties: Iterable[Party],
        free: Mapping[int, int],
        quotas_of: Mapping[int, Sequence[int]],
        ends: Mapping[int, datetime],
        freed: Mapping[int, int],
        now: datetime,
        gather_for: timedelta,
        offer_for: timedelta,
    ) -> None:
        self.parties = sorted(parties, key=lambda party: (party.joined_at, party.key))
        self.free, self.quotas_of, self.ends, self.now = Counter(dict(free)), quotas_of, ends, now
        self.gather_for, self.offer_for = gather_for, offer_for
        self.let_go()
        self.before = {quota: count - freed.get(quota, 0) for quota, count in self.free.items()}
        self.kept: set[int] = set()  # quotas of which a party gathers that was met already
        self.made = [self.decide(party, self.parties[place + 1 :]) for place, party in enumerate(self.parties)]

    def decisions(self) -> list[Decision]:
        return self.made

    def left(self, type_: int) -> int:
        """How many places of a type are left for everybody, when all decisions are carried out."""
        return max(0, self.room(type_))

    # One party

    def decide(self, party: Party, behind: Sequence[Party]) -> Decision:
        has_ended = self.has_ended(party)
        have = 0 if has_ended else party.gathered
        room = self.room(party.type)
        if not self.is_on_sale(party.type):
            return self.waits(party, Why.NOT_ON_SALE)
        count = min(party.size, have + room)
        if count >= party.fewest:
            self.take(party.type, count - have)
            return Decision(party, Step.OFFER, count, self.latest(party.type, self.offer_for))
        if has_ended:
            return self.waits(party, Why.TOO_FEW)
        more = self.gatherable(party, have, behind)
        if not have + more:
            return self.waits(party, self.why(party, room))
        self.take(party.type, more)
        self.kept.update(self.quotas_of[party.type])
        until = party.gathers_until if have else None
        return Decision(party, Step.GATHER, have + more, until or self.latest(party.type, self.gather_for))

    def gatherable(self, party: Party, have: int, behind: Sequence[Party]) -> int:
        """How many more places can be gathered for it: of those that have just been freed, as many as it lacks."""
        quotas = self.quotas_of[party.type]
        if self.kept.intersection(quotas) or (not have and self.rests(party, behind)):
            return 0
        room = self.room(party.type)
        new = room - max(0, min(self.before[quota] for quota in quotas))
        return max(0, min(party.size - have, room, new))

    def rests(self, party: Party, behind: Sequence[Party]) -> bool:
        """Whether somebody behind it comes first: who waited when its places went on, and fits what is free."""
        since = party.passed_on_at
        return since is not None and any(
            other.joined_at <= since and self.competes(other, party) and other.fewest <= self.room(other.type)
            for other in behind
        )

    def why(self, party: Party, room: int) -> Why:
        if self.kept.intersection(self.quotas_of[party.type]):
            return Why.KEPT
        if room <= 0:
            return Why.NOTHING_FREE
        return Why.RESTS if party.passed_on_at else Why.TOO_FEW

    def waits(self, party: Party, why: Why) -> Decision:
        if party.gathered:
            return Decision(party, Step.LET_GO, party.gathered, why=why)
        return Decision(party, Step.WAIT, max(0, self.room(party.type)), why=why)

    # Places

    def let_go(self) -> None:
        """Places of gatherings whose time is over are free."""
        for party in self.parties:
            if self.has_ended(party):
                self.take(party.type, -party.gathered)

    def has_ended(self, party: Party) -> bool:
        is_over = party.gathers_until is not None and party.gathers_until <= self.now
        return bool(party.gathered) and (is_over or not self.is_on_sale(party.type))

    def competes(self, other: Party, party: Party) -> bool:
        quotas = self.quotas_of.get(other.type, ())
        return self.is_on_sale(other.type) and not set(quotas).isdisjoint(self.quotas_of[party.type])

    def is_on_sale(self, type_: int) -> bool:
        return type_ in self.ends and self.now < self.ends[type_] and bool(self.quotas_of.get(type_))

    def latest(self, type_: int, after: timedelta) -> datetime:
        return min(self.now + after, self.ends[type_])

    def room(self, type_: int) -> int:
        """The least that is free of its quotas; negative where one is overdrawn."""
        return min((self.free[quota] for quota in self.quotas_of.get(type_, ())), default=0)

    def take(self, type_: int, count: int) -> None:
        for quota in self.quotas_of.get(type_, ()):
            self.free[quota] -= count
