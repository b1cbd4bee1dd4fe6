"""Who gets what and when, exactly: the traces of the reference (section 5.2), and the reports that are about order."""

import pytest

from bookings.events.models.serving import Step, Why
from tests.events.waitlist_world import World, at


@pytest.fixture
def world():
    """A hall of twenty, sold out."""
    return World().sell_out()


def why(world, name):
    found = next(one for one in world.simulation().decisions() if world.names[one.party.key] == name)
    return found.why


def test_a_group_gathers_what_comes_one_by_one(world):
    """Queue G3, S, S; a place at 0, 10 and 20 minutes: the group has three at 20, and both singles wait."""
    for name, size in (("G", 3), ("S1", 1), ("S2", 1)):
        world.join(name, size)
    for minute in (0, 10, 20):
        world.pass_time(minute)
        world.free_up()
    assert world.log == [(0, "gather", "G", 1), (10, "gather", "G", 2), (20, "offer", "G", 3)]
    assert [world.names[party.key] for party in world.waiting] == ["S1", "S2"]


def test_what_was_gathered_in_vain_goes_on(world):
    """The same, but only two ever come: at 30 minutes both singles are served, and the group stays first."""
    for name, size in (("G", 3), ("S1", 1), ("S2", 1)):
        world.join(name, size)
    world.free_up()
    world.pass_time(10)
    world.free_up()
    world.pass_time(60)
    assert world.log[2:] == [
        (30, "let go", "G", 2),
        (30, "offer", "S1", 1),
        (30, "offer", "S2", 1),
        (60, "gather", "G", 2),
    ]
    world.pass_time(61)
    world.join("S3")
    assert world.names[world.waiting[0].key] == "G"


def test_the_public_cannot_buy_what_is_gathered(world):
    world.join("G", 3)
    world.free_up(2)
    assert world.simulation().left("adult") == 0 and not world.buy(1)
    world.pass_time(30)
    assert world.simulation().left("adult") == 2 and world.buy(2), "nobody who waits fits: it is sold"


def test_what_went_on_is_not_gathered_again_by_itself(world):
    """Two groups and no single: two places are kept for 30 minutes once, and then for sale."""
    world.join("G3", 3)
    world.join("G4", 4)
    world.free_up(2)
    world.pass_time(500)
    assert world.log == [(0, "gather", "G3", 2), (30, "let go", "G3", 2)]
    assert world.simulation().left("adult") == 2


def test_a_place_that_is_freed_when_a_gathering_ends_is_not_gathered_for_the_same_group(world):
    world.join("G", 4)
    world.free_up(2)
    world.now = 30
    world.free_up()
    assert world.log[1:] == [(30, "let go", "G", 2)] and world.simulation().left("adult") == 3


def test_a_group_gathers_again_once_those_behind_it_were_served(world):
    for name, size in (("G", 3), ("S1", 1), ("S2", 1), ("S3", 1)):
        world.join(name, size)
    world.free_up()
    world.pass_time(30)
    assert world.log[-2:] == [(30, "let go", "G", 1), (30, "offer", "S1", 1)]
    world.take("S1")
    world.pass_time(31)
    world.join("S4")  # came later: the group does not wait for it
    world.free_up()
    assert world.log[-1] == (31, "offer", "S2", 1) and why(world, "G") == Why.NOTHING_FREE
    world.free_up()
    assert world.log[-1] == (31, "offer", "S3", 1)
    world.free_up()
    assert world.log[-1] == (31, "gather", "G", 1)


def test_a_group_that_would_take_fewer_gets_them_at_once(world):
    world.join("G", 3)
    world.free_up(2)
    world.take_fewer("G", 2)
    assert world.log == [(0, "gather", "G", 2), (0, "offer", "G", 2)]


def test_with_fewer_it_gets_all_that_there_are(world):
    world.join("G", 5, least=2)
    world.free_up()
    world.free_up(3)
    assert world.log == [(0, "gather", "G", 1), (0, "offer", "G", 4)]


def test_only_the_first_that_does_not_fit_gathers(world):
    world.join("G3", 3)
    world.join("G2", 2)
    world.free_up()
    assert why(world, "G2") == Why.KEPT
    world.free_up()
    assert world.log == [(0, "gather", "G3", 1), (0, "gather", "G3", 2)]


def test_a_large_group_takes_nothing_from_the_public_by_joining():
    world = World({"hall": 4})
    world.join("G10", 10)
    assert world.simulation().left("adult") == 4 and world.buy(3)
    world.free_up(1)
    assert world.log == [(0, "gather", "G10", 1)] and world.simulation().left("adult") == 1, "what was on sale stays so"


def test_two_places_in_one_moment_go_to_two_parties_once_each(world):
    for name in ("A", "B", "C"):
        world.join(name)
    world.free_up(2)
    assert world.log == [(0, "offer", "A", 1), (0, "offer", "B", 1)]


def test_declining_passes_on_in_the_same_moment(world):
    for name in ("A", "B"):
        world.join(name)
    world.free_up()
    world.pass_time(5)
    world.decline("A")
    assert world.log == [(0, "offer", "A", 1), (5, "offer", "B", 1)]
    world.pass_time(100)
    assert world.log[2:] == [], "an offer is used once (pretix 1163)"


def test_what_a_leaving_group_had_gathered_goes_on(world):
    for name, size in (("G3", 3), ("G4", 4), ("S", 1)):
        world.join(name, size)
    world.free_up(2)
    world.pass_time(29)
    world.leave("G3")
    assert world.log == [(0, "gather", "G3", 2), (29, "offer", "S", 1)], "and is kept for no other group"


def test_who_waits_for_a_full_type_takes_nothing_from_another():
    """pretix 3628: I1 is full, I2 has five, the hall has five; five people wait for I1."""
    world = World({"hall": 10, "one": 5, "two": 5}, {"I1": ["hall", "one"], "I2": ["hall", "two"]})
    world.buy(5, "I1")
    for number in range(5):
        world.join(f"P{number}", type_="I1")
    assert world.simulation().left("I2") == 5 and world.buy(5, "I2")
    assert world.log == []


def test_who_waits_for_what_is_no_longer_on_sale_is_passed_and_it_is_said_why():
    """pretix 2119."""
    world = World({"hall": 2}, {"old": ["hall"], "new": ["hall"]})
    world.buy(2, "new")
    world.join("Oldest", type_="old")
    world.pass_time(1)
    world.join("Newest", type_="new")
    world.ends["old"] = 1
    world.free_up(1, "new")
    assert world.log == [(1, "offer", "Newest", 1)] and why(world, "Oldest") == Why.NOT_ON_SALE


def test_no_deadline_after_the_end_of_the_sale():
    """pretix 681."""
    world = World(ends=100).sell_out()
    world.join("A")
    world.join("G", 3)
    world.pass_time(80)
    world.free_up(2)
    assert world.offered["A"][2] == 100 and world.party("G").gathers_until == at(100)
    world.pass_time(100)
    assert world.log[-1] == (100, "let go", "G", 1)
    world.free_up(5)
    assert world.log[-1] == (100, "let go", "G", 1), "nothing is offered or gathered any more"


def test_nothing_is_offered_of_a_quota_that_is_overdrawn(world):
    world.join("A")
    world.resize("hall", -3)
    world.free_up(3)
    assert world.log == [] and why(world, "A") == Why.NOTHING_FREE
    world.free_up()
    assert world.log == [(0, "offer", "A", 1)]


def test_more_places_go_to_those_who_wait_and_the_rest_to_all(world):
    """open-event-server 3366."""
    world.join("G", 3)
    world.join("S")
    world.resize("hall", 10)
    assert world.log == [(0, "offer", "G", 3), (0, "offer", "S", 1)]
    assert world.simulation().left("adult") == 6


def test_served_twice_it_is_served_once(world):
    for name, size in (("G", 3), ("S", 1)):
        world.join(name, size)
    world.free_up(2)
    before = list(world.log)
    steps = [decision.step for decision in world.serve()]
    assert world.log == before and steps == [Step.GATHER, Step.WAIT]
