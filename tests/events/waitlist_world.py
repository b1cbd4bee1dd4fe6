"""An event without a database: places by quota, parties that wait, a public that buys, and a clock in minutes.

It carries out what the simulation decides and writes it down, as ``(minute, what, name, count)``. Time passes as in the site:
whenever an offer, a gathering or a hold ends, what waits is served.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

from bookings.events.models.serving import Party, Simulation, Step

BEGAN = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
GATHER = OFFER = 30
NEVER = 10_000


def at(minute):
    return BEGAN + timedelta(minutes=minute)


def minute_of(moment):
    return None if moment is None else round((moment - BEGAN).total_seconds() / 60)


class World:
    """``sizes``: places by quota, all sold at first. ``types``: the quotas of each ticket type."""

    def __init__(self, sizes=None, types=None, gather=GATHER, ends=NEVER):
        self.sizes = sizes or {"hall": 20}
        self.types = types or {"adult": ["hall"]}
        self.ends, self.gather, self.now = dict.fromkeys(self.types, ends), gather, 0
        self.sold = Counter()  # by type
        self.waiting, self.names, self.offered = (
            [],
            [],
            {},
        )  # Party rows; names in order of joining; name → (party, count, until)
        self.log, self.freed = [], Counter()
        self.newly_gathered = {}  # of the last serving
        self.gathered_since = {}

    # What is where

    def free(self):
        used = Counter(self.sold)
        for party in self.waiting:
            used[party.type] += party.gathered
        for party, count, _until in self.offered.values():
            used[party.type] += count
        return {
            quota: size - sum(count for type_, count in used.items() if quota in self.types[type_])
            for quota, size in self.sizes.items()
        }

    def simulation(self):
        ends = {type_: at(end) for type_, end in self.ends.items()}
        minutes = timedelta(minutes=1)
        return Simulation(
            self.waiting,
            self.free(),
            self.types,
            ends,
            self.freed,
            at(self.now),
            self.gather * minutes,
            OFFER * minutes,
        )

    def party(self, name):
        return next(party for party in self.waiting if self.names[party.key] == name)

    # What happens

    def sell_out(self):
        """All that is left is bought, type by type."""
        for type_ in self.types:
            self.buy(self.simulation().left(type_), type_)
        return self

    def join(self, name, size=1, type_="adult", least=0):
        self.names.append(name)
        self.waiting.append(Party(len(self.names) - 1, type_, size, at(self.now), least))
        self.serve()

    def free_up(self, count=1, type_="adult"):
        """Somebody cancels so many places, if so many are sold."""
        count = min(count, self.sold[type_])
        self.sold[type_] -= count
        self.has_freed(type_, count)

    def resize(self, quota, by):
        self.sizes[quota] += by
        self.freed[quota] += max(0, by)
        self.serve()

    def buy(self, count, type_="adult"):
        """Someone from the public takes so many, if they may; who waits is served before. Returns whether."""
        self.serve()
        if count > self.simulation().left(type_):
            return False
        self.sold[type_] += count
        return True

    def take(self, name):
        party, count, _until = self.offered.pop(name)
        self.sold[party.type] += count

    def decline(self, name):
        party, count, _until = self.offered.pop(name)
        self.has_freed(party.type, count)

    def leave(self, name):
        """What was gathered for it goes on, and is not gathered again."""
        self.waiting.remove(self.party(name))
        self.serve()

    def take_fewer(self, name, least):
        party = self.party(name)
        self.waiting[self.waiting.index(party)] = party._replace(least=least)
        self.serve()

    def has_freed(self, type_, count):
        for quota in self.types[type_]:
            self.freed[quota] += count
        self.serve()

    def pass_time(self, until):
        """Let the clock run, and serve at each moment at which something ends."""
        while (moment := min([until, *self.deadlines()])) < until:
            self.to(moment)
        self.to(until)

    def deadlines(self):
        ends = [minute_of(party.gathers_until) for party in self.waiting if party.gathered]
        ends += [until for _party, _count, until in self.offered.values()]
        return [end for end in (*ends, *self.ends.values()) if end > self.now]

    def to(self, minute):
        self.now = minute
        for name in [name for name, offer in self.offered.items() if offer[2] <= minute]:
            party, count, _until = self.offered.pop(name)
            for quota in self.types[party.type]:
                self.freed[quota] += count
        self.serve()

    def serve(self):
        """Carry out what is decided now. Returns the decisions."""
        decisions = self.simulation().decisions()
        self.newly_gathered = Counter()
        for decision in decisions:
            self.carry_out(decision)
        self.freed = Counter()
        return decisions

    def carry_out(self, decision):
        party, name = decision.party, self.names[decision.party.key]
        place = self.waiting.index(party)
        if decision.step == Step.OFFER:
            del self.waiting[place]
            self.offered[name] = (party, decision.count, minute_of(decision.until))
            self.log.append((self.now, "offer", name, decision.count))
        elif decision.step == Step.GATHER and decision.count > party.gathered:
            self.newly_gathered[party.type] += decision.count - party.gathered
            self.gathered_since.setdefault(name, self.now)
            self.waiting[place] = party._replace(gathered=decision.count, gathers_until=decision.until)
            self.log.append((self.now, "gather", name, decision.count))
        elif decision.step == Step.LET_GO:
            self.gathered_since.pop(name, None)
            self.waiting[place] = party._replace(gathered=0, gathers_until=None, passed_on_at=at(self.now))
            self.log.append((self.now, "let go", name, decision.count))
