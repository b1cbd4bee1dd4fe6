"""Orders know their flight: what can't be had before boarding is refused, and a gate or a call reaches the order."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from post.models import Message
from tracking.flights.boarding import gate_and_boarding
from tracking.orders.estimating import Span
from tracking.orders.flights import TooLateToBoard, check_in_time, follow_flights
from tracking.orders.models import Cause, Order, State, Way

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now():
    return timezone.now()


def at(shop, hours, minutes):
    return datetime(2026, 11, 18, hours, minutes, tzinfo=shop.tz)


@pytest.fixture
def b6_415(make_flight, grill):
    """B6 415 leaves at 14:35, so it boards from 14:05."""
    return Order._meta.get_field("flight").related_model.objects.get(
        pk=make_flight(number="415", off_block_scheduled=at(grill, 14, 35)).pk
    )


def asked(grill, flight, way, ready, until, now):
    return check_in_time(Span(at(grill, *ready), at(grill, *until)), flight, way, grill, at(grill, *now))


def test_a_flight_boards_half_an_hour_before_it_leaves(b6_415, grill):
    assert gate_and_boarding(b6_415).starts_at == at(grill, 14, 5)
    b6_415.delay(at(grill, 15, 0))
    assert gate_and_boarding(b6_415).starts_at == at(grill, 14, 30)


def test_what_is_had_in_time_is_not_refused(grill, b6_415):
    assert not asked(grill, b6_415, Way.COLLECTION, (13, 40), (13, 57), (13, 30)).facts
    assert not asked(grill, b6_415, Way.DELIVERY, (13, 50), (14, 5), (13, 30)).facts


def test_what_is_ready_too_late_to_walk_to_the_gate_is_refused_with_what_to_do(grill, b6_415):
    with pytest.raises(TooLateToBoard) as refused:
        asked(grill, b6_415, Way.COLLECTION, (14, 12), (14, 20), (13, 40))
    assert str(refused.value) == (
        "Boarding for B6 415 starts at 14:05; earliest ready 14:12: choose something quicker that you can collect by 13:57."
    )
    assert refused.value.collect_by == at(grill, 13, 57)


def test_what_comes_too_late_to_the_gate_may_still_be_collected(grill, b6_415):
    with pytest.raises(TooLateToBoard, match=r"as late as 14:08: collect it at the shop by 13:57 or choose something"):
        asked(grill, b6_415, Way.DELIVERY, (14, 0), (14, 8), (13, 40))
    with pytest.raises(TooLateToBoard, match=r"as late as 14:12: choose something quicker\.$"):
        asked(grill, b6_415, Way.DELIVERY, (14, 4), (14, 12), (13, 40))


def test_what_may_be_late_is_said_before_it_is_paid(grill, b6_415, make_order):
    span = asked(grill, b6_415, Way.COLLECTION, (13, 50), (14, 0), (13, 40))
    order = make_order(state=State.UNPAID, flight=b6_415)
    order.promise(span, Cause.PLACED)
    said = "It may be later than 13:57, when you have to leave for your gate."
    assert order.promises.get().reasons == ["Placed.", said]
    assert order.flight_warning == said


def test_once_it_boards_it_is_too_late(grill, b6_415):
    with pytest.raises(TooLateToBoard, match="too late to order for B6 415"):
        asked(grill, b6_415, Way.COLLECTION, (13, 58), (13, 58), (13, 57))
    b6_415.board()  # early
    with pytest.raises(TooLateToBoard, match="too late"):
        asked(grill, b6_415, Way.COLLECTION, (13, 0), (13, 3), (12, 50))


@pytest.fixture
def order(make_order, flight):
    """To gate B20, for a flight that leaves in an hour."""
    flight.assign_gate("B20")
    fields = {"way": Way.DELIVERY, "flight": flight, "flight_seen": flight.revision, "gate": "B20"}
    return make_order(state=State.MAKING, email="nora@example.org", **fields)


def mails():
    return [message.subject for message in Message.objects.order_by("pk")]


def test_another_gate_moves_the_promise_and_tells_everybody(order, flight, now, assert_published):
    was = order.latest
    flight.assign_gate("B22")
    with assert_published(f"order-{order.pk}", f"shop-orders-{order.shop_id}"):
        assert follow_flights(now) == 1
    order.refresh_from_db()
    assert (order.gate, order.latest) == ("B22", was + 5 * MINUTE)
    assert order.promises.get().reasons == ["The gate has changed from B20 to B22: +5 min."]
    assert mails() == [f"Grill: your order {order} goes to gate B22"]
    with assert_published():
        assert follow_flights(now) == 0
    assert len(mails()) == 1


def test_a_runner_who_is_on_the_way_turns_round(order, flight, now):
    Order.objects.filter(pk=order.pk).update(state=State.OUT, earliest=now, latest=now + 2 * MINUTE)
    flight.assign_gate("B22")
    follow_flights(now)
    order.refresh_from_db()
    assert order.latest == now + order.walk
    assert order.promises.get().facts["minutes"] == 6


def test_the_first_gate_is_no_delay(make_order, flight, now):
    order = make_order(way=Way.DELIVERY, flight=flight, flight_seen=flight.revision)
    flight.assign_gate("B20")
    follow_flights(now)
    was = order.latest
    order.refresh_from_db()
    assert (order.gate, order.latest) == ("B20", was)
    assert not order.promises.exists()


def test_a_gate_that_is_taken_back_stays_until_there_is_another(order, flight, now):
    flight.assign_gate("")
    follow_flights(now)
    order.refresh_from_db()
    assert order.gate == "B20" and not order.promises.exists()


def test_who_collects_it_sees_the_gate_and_gets_no_other_time(make_order, flight, now):
    order = make_order(flight=flight, flight_seen=flight.revision, gate="B20")
    flight.assign_gate("B22")
    follow_flights(now)
    was = order.latest
    order.refresh_from_db()
    assert (order.gate, order.latest) == ("B22", was)


def test_boarding_is_told_with_the_time_at_which_the_gate_closes(order, flight, now, grill, assert_published):
    closes_at = gate_and_boarding(flight).closes_at
    Order.objects.filter(pk=order.pk).update(latest=closes_at + 5 * MINUTE)
    flight.board()
    with assert_published(f"order-{order.pk}", f"shop-orders-{order.shop_id}"):
        follow_flights(now)
    order.refresh_from_db()
    assert order.latest == closes_at  # the runner has to be there by then
    local = f"{closes_at.astimezone(grill.tz):%H:%M}"
    assert order.promises.get().reasons == [f"Boarding was called: the gate closes at about {local}."]
    assert mails() == [f"Grill: B6 1010 is boarding, your order {order}"]
    assert f"The gate closes at about {local}." in Message.objects.get().body


def test_it_is_said_that_it_can_not_be_there_before_the_gate_closes(order, flight, now, assert_published):
    span = {"earliest": now + 50 * MINUTE, "latest": now + 55 * MINUTE}
    Order.objects.filter(pk=order.pk).update(**span)
    flight.board()
    with assert_published(f"order-{order.pk}"):  # though no time has moved
        follow_flights(now)
    order.refresh_from_db()
    assert order.latest == span["latest"]
    assert "can’t be there before" in order.promises.get().reasons[0]
    assert "can’t be ready before that" in Message.objects.get().body


def test_a_gate_that_changes_as_boarding_is_called_writes_one_mail(order, flight, now):
    flight.assign_gate("B22")
    flight.board()
    follow_flights(now)
    assert mails() == [f"Grill: your order {order} goes to gate B22"]
    assert [row.cause for row in order.promises.all()] == [Cause.GATE, Cause.BOARDING]


def test_the_customers_page_warns_and_the_kitchen_and_the_runner_see_the_gate(client, order, flight, now, olga):
    order.bump()
    flight.assign_gate("B22")
    flight.board()
    follow_flights(now)
    order.refresh_from_db()
    page = client.get(order.get_absolute_url()).content.decode()
    assert "Boarding was called: the gate closes at about" in page and "B22" in page
    client.force_login(olga)
    for live in ("kitchen/grill/ready/", "runners/grill/"):
        fragment = client.get(f"/live/{live}").content.decode()
        assert "<s>B20</s>" in fragment and '<span class="gate">B22</span>' in fragment and "boards now" in fragment


@pytest.mark.parametrize(("way", "in_time"), [(Way.DELIVERY, True), (Way.COLLECTION, False)])
def test_who_collects_it_has_to_walk_to_the_gate_before_that_closes(make_order, flight, now, way, in_time):
    closes_at = gate_and_boarding(flight).closes_at
    span = {"earliest": closes_at - 5 * MINUTE, "latest": closes_at}
    order = make_order(state=State.MAKING, way=way, flight=flight, flight_seen=flight.revision, **span)
    flight.board()
    follow_flights(now)
    assert order.promises.get().facts["in_time"] is in_time


def test_boarding_that_is_called_after_the_gate_should_have_closed_moves_nothing_into_the_past(order, flight, now):
    closes_at = gate_and_boarding(flight).closes_at
    called_at = closes_at + 5 * MINUTE
    Order.objects.filter(pk=order.pk).update(earliest=closes_at - 5 * MINUTE, latest=closes_at + 10 * MINUTE)
    flight.board()
    follow_flights(called_at)
    order.refresh_from_db()
    assert order.latest == closes_at + 10 * MINUTE and not order.expected(called_at).is_late
    assert "can’t be there before" in order.promises.get().reasons[0]


def collected_late(make_order, flight):
    """For who collects it, and has to leave for the gate before the end of its range."""
    leave_by = gate_and_boarding(flight).starts_at - 8 * MINUTE
    span = Span(leave_by - 5 * MINUTE, leave_by + 5 * MINUTE, facts={"leave_by": leave_by.isoformat()})
    order = make_order(state=State.MAKING, flight=flight, flight_seen=flight.revision)
    order.expect(span, Cause.PLACED, span.facts)
    return order


def test_what_is_ready_may_not_be_late_any_more(make_order, flight):
    order = collected_late(make_order, flight)
    assert "It may be later than" in order.flight_warning
    order.bump()
    assert not order.flight_warning
    flight.board()
    follow_flights(timezone.now())
    assert "Boarding was called" in Order.objects.get().flight_warning


def test_a_flight_that_leaves_later_leaves_no_warning_behind(make_order, flight, now):
    order = collected_late(make_order, flight)
    flight.delay(flight.best_departure + 60 * MINUTE)
    follow_flights(now)
    assert not Order.objects.get(pk=order.pk).flight_warning


def test_a_flight_that_leaves_earlier_warns_who_collects(make_order, flight, now):
    order = collected_late(make_order, flight)
    flight.delay(flight.best_departure + 60 * MINUTE)
    follow_flights(now)
    flight.delay(flight.best_departure - 60 * MINUTE)
    follow_flights(now)
    assert "It may be later than" in Order.objects.get(pk=order.pk).flight_warning


def test_a_final_call_writes_no_second_mail(order, flight, now):
    flight.board()
    follow_flights(now)
    flight.final_call()
    follow_flights(now)
    assert len(mails()) == 1 and order.promises.count() == 2


def test_a_cancelled_and_a_delayed_flight_are_on_the_receipt(order, flight, now, grill):
    leaves = flight.best_departure + 30 * MINUTE
    flight.delay(leaves)
    follow_flights(now)
    flight.cancel()
    follow_flights(now)
    assert [row.reasons for row in order.promises.all()] == [
        [f"The flight leaves at {leaves.astimezone(grill.tz):%H:%M}."],
        ["The flight was cancelled."],
    ]
    order.refresh_from_db()
    assert {row.latest for row in order.promises.all()} == {order.latest}


def test_other_news_of_a_flight_say_nothing(order, flight, now, assert_published):
    flight.open_check_in("401–404")
    with assert_published():
        follow_flights(now)
    order.refresh_from_db()
    assert order.flight_seen == flight.revision and not order.promises.exists()


def test_what_has_ended_hears_nothing(order, flight, now, assert_published):
    Order.objects.filter(pk=order.pk).update(state=State.DELIVERED)
    flight.assign_gate("B22")
    with assert_published():
        assert follow_flights(now) == 0
