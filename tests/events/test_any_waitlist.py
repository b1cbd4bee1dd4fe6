"""Properties of serving, whatever happens in whatever order (Hypothesis): over one quota, and over types that share one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.events.waitlist_world import GATHER, World, minute_of

TYPES = {"adult": ["hall"], "child": ["hall", "few"]}
ENDS = 200

type_of = st.sampled_from(sorted(TYPES))
few = st.integers(1, 4)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("join"), few, type_of, st.integers(0, 2)),
        st.tuples(st.just("free"), st.integers(1, 3), type_of),
        st.tuples(st.just("buy"), few, type_of),
        st.tuples(st.sampled_from(["take", "decline", "leave", "take_fewer"]), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.sampled_from([1, 7, 29, 30, 31])),
        st.tuples(st.just("resize"), st.sampled_from(["hall", "few"]), st.integers(-2, 3)),
    ),
    max_size=40,
)


class Checked(World):
    """A world that checks each serving."""

    def serve(self):
        before, freed = list(self.waiting), dict(self.freed)
        decisions = super().serve()
        self.check_sum()
        self.check_nobody_waits_for_what_is_free()
        self.check_nobody_was_jumped(before, decisions)
        self.check_only_freed_places_are_gathered(freed)
        self.check_deadlines(decisions)
        self.check_served_twice()
        return decisions

    def check_sum(self):
        """What is used of a quota exceeds its size only where it was lowered below its use."""
        for quota, free in self.free().items():
            assert free >= min(0, self.lowest[quota]), "more was given than there is"
            self.lowest[quota] = min(free, 0)

    def check_nobody_waits_for_what_is_free(self):
        for party in self.waiting:
            if self.now < self.ends[party.type]:
                assert self.simulation().left(party.type) < party.fewest

    def check_nobody_was_jumped(self, before, decisions):
        """Where one quota is all: no party would have fitted in what those who joined later were given."""
        if len(self.types) > 1:
            return
        given = {decision.party.key: decision.count for decision in decisions}
        waiting = {party.key: party.gathered for party in self.waiting}
        free = self.simulation().room("adult")  # as the walk left it; from here it is walked back
        for party in sorted(before, key=lambda one: (one.joined_at, one.key), reverse=True):
            has_ended = party.gathers_until is not None and minute_of(party.gathers_until) <= self.now
            kept = 0 if has_ended else party.gathered
            if party.key not in waiting:
                free += given[party.key] - kept
            elif self.now < self.ends[party.type]:
                free += waiting[party.key] - kept
                assert kept + free < party.fewest

    def check_only_freed_places_are_gathered(self, freed):
        for quota in self.sizes:
            gathered = sum(count for type_, count in self.newly_gathered.items() if quota in self.types[type_])
            others = [freed.get(other, 0) for type_ in self.newly_gathered for other in self.types[type_]]
            assert gathered <= max([freed.get(quota, 0), *others])

    def check_deadlines(self, decisions):
        for _party, _count, until in self.offered.values():
            assert self.now < until <= ENDS
        for party in self.waiting:
            if party.gathered:
                until = minute_of(party.gathers_until)
                assert self.now < until <= min(ENDS, self.gathered_since[self.names[party.key]] + GATHER)

    def check_served_twice(self):
        log = list(self.log)
        World.serve(self)
        assert self.log == log


def play(world, steps):
    for number, (what, *rest) in enumerate(steps):
        if what == "join":
            size, type_, least = rest
            world.join(f"P{number}", size, type_ if type_ in world.types else "adult", min(least, size))
        elif what in ("free", "buy"):
            count, type_ = rest
            act = world.free_up if what == "free" else world.buy
            act(count, type_ if type_ in world.types else "adult")
        elif what == "wait":
            world.pass_time(world.now + rest[0])
        elif what == "resize":
            quota, by = rest
            if quota in world.sizes and world.sizes[quota] + by >= 0:
                world.lowest[quota] = min(world.lowest[quota], world.free()[quota] + min(by, 0))
                world.resize(quota, by)
        else:
            choose(world, what, *rest)


def choose(world, what, number):
    if what in ("take", "decline"):
        names = list(world.offered)
        if names:
            getattr(world, what)(names[number % len(names)])
    elif world.waiting:
        party = world.waiting[number % len(world.waiting)]
        name = world.names[party.key]
        world.leave(name) if what == "leave" else world.take_fewer(name, 1 + number % party.size)


def new(sizes, types):
    world = Checked(sizes, types, ends=ENDS)
    world.lowest = dict.fromkeys(sizes, 0)
    return world.sell_out()


@settings(max_examples=examples(300), deadline=None)
@given(steps)
def test_one_quota(steps):
    play(new({"hall": 6}, {"adult": ["hall"]}), steps)


@settings(max_examples=examples(300), deadline=None)
@given(steps)
def test_types_that_share_a_quota(steps):
    play(new({"hall": 6, "few": 3}, TYPES), steps)
