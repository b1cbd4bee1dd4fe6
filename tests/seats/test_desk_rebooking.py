"""All passengers of a cancelled flight go on what has room, one booking after the other."""

import re

import pytest
from django.utils import timezone

from bookings.seats.desk import rebooking_forms
from bookings.seats.desk.alternatives import Wave
from bookings.seats.models import Assignment, Booking, Coupon, Segment, State, Status
from live.regions import find
from post.models import Message
from tests.races import all_at_once, faults

DAYS = 24 * 60


@pytest.fixture
def desk(client, sally):
    client.force_login(sally)
    return client


@pytest.fixture
def later(make_inventory, inventory):
    """The flight after it, on the same route."""
    return make_inventory(number="1020", minutes=10 * DAYS + 240)


@pytest.fixture
def cancelled(inventory, bob):
    """``cancelled()`` after the bookings are made."""

    def cancel():
        inventory.flight.cancel(by=bob)
        inventory.refresh_from_db()
        return inventory

    return cancel


def flights_of(booking):
    return list(Segment.objects.filter(booking=booking).order_by("position").values_list("inventory", flat=True))


def seats_of(booking):
    return list(
        Coupon.objects.filter(segment__booking=booking, assignment__isnull=False)
        .order_by("traveller__position")
        .values_list("assignment__seat", flat=True)
    )


def plan_on(page):
    return re.search(r'name="plan" value="([^"]+)"', page.content.decode())[1]


def rebook(desk, inventory, plan=None):
    path = f"/fly/desk/{inventory.pk}/rebooking/"
    return desk.post(path, {"plan": plan or plan_on(desk.get(path))})


def test_a_family_goes_on_an_aircraft_that_has_no_such_row(desk, inventory, make_inventory, cancelled, fly):
    later = make_inventory(layout="erj-145", number="1020", minutes=10 * DAYS + 240)
    family = fly("Ada Lovelace", "Mia Lovelace", children=1, family="flex")
    ada, mia = family.coupons().order_by("traveller__position")
    family.choose({ada.pk: "25D", mia.pk: "25F"})
    assert "25F" not in later.plan.seats
    cancelled()
    assert "1 booking was rebooked" in rebook(desk, inventory).content.decode()
    ada, mia = seats_of(family)
    assert flights_of(family) == [later.pk] and mia in later.plan.neighbours(ada)


def test_seats_that_others_sold_are_named(desk, inventory, later, cancelled, fly):
    fly("Bob Stone")
    Assignment.objects.create(inventory=inventory, seat="12A", cabin="economy", rank=1)
    cancelled()
    page = desk.get(f"/fly/desk/{inventory.pk}/rebooking/").content.decode()
    assert "0 of 1 passengers" in page and "1 more seat was sold elsewhere" in page


def test_everybody_goes_where_the_plan_says_at_the_price_that_was_paid(desk, inventory, later, cancelled, fly):
    family = fly("Ada Lovelace", "Mia Lovelace", "Tim Lovelace", children=1, infants_lap=1)
    single = fly("Bob Stone")
    paid = family.total
    lines = list(family.lines.values_list("code", "amount", "traveller"))
    cancelled()
    page = desk.get(f"/fly/desk/{inventory.pk}/rebooking/")
    assert f"{later.flight.designator}" in page.content.decode()
    answer = rebook(desk, inventory, plan_on(page))
    assert answer.status_code == 200 and "2 bookings were rebooked" in answer.content.decode()
    for booking in (family, single):
        booking.refresh_from_db()
        assert flights_of(booking) == [later.pk] and booking.state == State.CONFIRMED
    assert family.total == paid and list(family.lines.values_list("code", "amount", "traveller")) == lines
    ada, mia = seats_of(family)
    assert mia in later.plan.neighbours(ada)
    assert not inventory.assignments.exists() and later.ledger().sold == 3 and later.ledger().infants == 1


def test_each_booking_keeps_who_did_it_and_its_pages_are_told(
    desk, inventory, later, cancelled, fly, sally, assert_published
):
    booking = fly("Ada Lovelace")
    cancelled()
    page = desk.get(f"/fly/desk/{inventory.pk}/rebooking/")
    with assert_published(f"flight-booking-{booking.pk}", f"seats-{inventory.pk}", f"seats-{later.pk}"):
        rebook(desk, inventory, plan_on(page))
    assert set(booking.changes.filter(verb="reaccommodate").values_list("by", flat=True)) == {sally.pk}


def test_a_second_time_does_nothing(desk, inventory, later, cancelled, fly):
    booking = fly("Ada Lovelace")
    cancelled()
    plan = plan_on(desk.get(f"/fly/desk/{inventory.pk}/rebooking/"))
    rebook(desk, inventory, plan)
    booking.refresh_from_db()
    revision = booking.revision
    answer = rebook(desk, inventory, plan)
    booking.refresh_from_db()
    assert booking.revision == revision and later.ledger().sold == 1
    assert "0 bookings were rebooked" in answer.content.decode() and booking.reference in answer.content.decode()


def test_who_cancelled_meanwhile_is_told_and_nobody_else_is_held_up(desk, inventory, later, cancelled, fly):
    ada, bob = fly("Ada Lovelace"), fly("Bob Stone")
    cancelled()
    plan = plan_on(desk.get(f"/fly/desk/{inventory.pk}/rebooking/"))
    ada.cancel()
    answer = rebook(desk, inventory, plan).content.decode()
    assert "1 booking was rebooked" in answer and "Nothing was done to them" in answer and ada.reference in answer
    assert flights_of(bob) == [later.pk] and flights_of(ada) == [inventory.pk]


def test_who_rebooked_themselves_meanwhile_stays_where_they_are(desk, inventory, later, make_inventory, cancelled, fly):
    own = make_inventory(number="1099", minutes=10 * DAYS + 400)
    ada = fly("Ada Lovelace")
    cancelled()
    plan = plan_on(desk.get(f"/fly/desk/{inventory.pk}/rebooking/"))
    ada.rebook_onto([own.pk], 0)
    answer = rebook(desk, inventory, plan).content.decode()
    assert "0 bookings were rebooked" in answer and "Nothing was done to them" in answer
    assert flights_of(ada) == [own.pk] and not later.assignments.exists()


def test_each_booking_gets_one_mail_with_its_new_flight(desk, inventory, later, cancelled, fly):
    fly("Ada Lovelace")
    cancelled()
    before = Message.objects.count()
    rebook(desk, inventory)
    (mail,) = Message.objects.order_by("pk")[before:]
    assert later.flight.designator in mail.body


def test_a_planned_seat_that_was_sold_meanwhile_is_replaced(desk, inventory, later, cancelled, fly, hold_seats):
    ada = fly("Ada Lovelace")
    cancelled()
    page = desk.get(f"/fly/desk/{inventory.pk}/rebooking/")
    (place,) = Wave(inventory, timezone.now()).plan().places
    later.block(place.seats[later.pk], "crew")
    assert "1 booking was rebooked" in rebook(desk, inventory, plan_on(page)).content.decode()
    (seat,) = seats_of(ada)
    assert seat not in place.seats[later.pk]


def test_a_flight_that_filled_up_meanwhile_is_never_oversold(desk, inventory, later, cancelled, fly):
    ada = fly("Ada Lovelace")
    cancelled()
    page = desk.get(f"/fly/desk/{inventory.pk}/rebooking/")
    later.block(later.plan.seats, "repair")
    answer = rebook(desk, inventory, plan_on(page)).content.decode()
    assert "0 bookings were rebooked" in answer and "no seat left" in answer
    assert flights_of(ada) == [inventory.pk] and later.ledger().free == 0


def test_who_has_no_room_is_listed_by_name(desk, inventory, later, cancelled, fly):
    fly("Ada Lovelace")
    cancelled()
    later.block(later.plan.seats, "repair")
    html = desk.get(f"/fly/desk/{inventory.pk}/rebooking/").content.decode()
    assert "There is no room for 1 passenger" in html and "Ada Lovelace" in html


def test_a_plan_of_somebody_else_s_making_is_refused(desk, inventory, later, cancelled, fly):
    ada = fly("Ada Lovelace")
    cancelled()
    assert rebook(desk, inventory, "nonsense").status_code == 422
    assert flights_of(ada) == [inventory.pk]


def test_a_flight_that_goes_is_not_rebooked(desk, inventory, later, fly):
    ada = fly("Ada Lovelace")
    assert "is not cancelled" in desk.get(f"/fly/desk/{inventory.pk}/rebooking/").content.decode()
    assert desk.post(f"/fly/desk/{inventory.pk}/rebooking/", {"plan": "x"}).status_code == 422
    assert flights_of(ada) == [inventory.pk]


def test_the_same_flight_number_and_seat_on_another_day_are_news(
    desk, inventory, make_inventory, cancelled, fly, assert_published
):
    tomorrow = make_inventory(number=inventory.flight.number, minutes=11 * DAYS)
    booking = fly("Ada Lovelace")
    (seat,) = seats_of(booking)
    cancelled()
    with assert_published(f"seats-{tomorrow.pk}"):
        booking.reaccommodate_onto(inventory.pk, [tomorrow.pk], {tomorrow.pk: [seat]})
    assert seats_of(booking) == [seat]


def test_holds_are_not_rebooked(inventory, later, cancelled, hold_seats):
    hold_seats()
    assert not Wave(cancelled(), timezone.now()).needs


def test_who_is_off_the_flight_stays_off(desk, inventory, later, cancelled, fly):
    booking = fly("Ada Lovelace", "Bob Lovelace")
    _ada, bob = Coupon.objects.filter(segment__booking=booking).order_by("traveller__position")
    bob.offload("not at the gate")
    cancelled()
    rebook(desk, inventory)
    bob.refresh_from_db()
    assert bob.status == Status.OFFLOADED and later.ledger().sold == 1


def test_progress_is_counted_from_what_is_so(desk, inventory, later, cancelled, fly):
    fly("Ada Lovelace")
    fly("Bob Stone")
    cancelled()
    address = f"sales-flight/{inventory.pk}/rebooking/"
    assert "0 of 2 passengers" in find(address).render().html
    (first, _second) = Wave(inventory, timezone.now()).plan().places
    booking = Booking.objects.get(pk=first.need.party.booking)
    booking.reaccommodate_onto(inventory.pk, first.option.flights)
    assert "1 of 2 passengers" in find(address).render().html


def test_a_connection_is_kept_where_it_can_be_reached(sell, desk, bob, fly):
    first, again = sell("JFK", "BOS"), sell("JFK", "BOS", hours=1)
    onward = sell("BOS", "SFO", hours=5, lasts=360)
    booking = fly("Ada Lovelace", on=[first, onward])
    (_before, seat) = Coupon.objects.filter(segment__booking=booking).values_list("assignment__seat", flat=True)
    first.flight.cancel(by=bob)
    first.refresh_from_db()
    (place,) = Wave(first, timezone.now()).plan().places
    assert place.option.flights == (again.pk, onward.pk) and set(place.seats) == {again.pk}
    rebook(desk, first)
    assert flights_of(booking) == [again.pk, onward.pk]
    assert list(onward.assignments.values_list("seat", flat=True)) == [seat]


@pytest.mark.django_db(transaction=True)
def test_two_agents_at_once_rebook_a_booking_once(inventory, later, bob, sally, fly):
    booking = fly("Ada Lovelace")
    inventory.flight.cancel(by=bob)

    def agent():
        Booking.objects.get(pk=booking.pk).reaccommodate_onto(inventory.pk, [later.pk], by=sally)

    answers = all_at_once(agent, agent)
    assert len(faults(answers)) == 1
    assert flights_of(booking) == [later.pk] and later.assignments.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_for_agents_of_the_desk(client, inventory, gina, method):
    client.force_login(gina)
    for path in ("rebooking", "aircraft"):
        assert getattr(client, method)(f"/fly/desk/{inventory.pk}/{path}/").status_code == 404


def test_many_bookings_are_rebooked_some_with_each_request(desk, inventory, later, cancelled, fly, monkeypatch):
    monkeypatch.setattr(rebooking_forms, "CHUNK", 2)
    bookings = [fly(f"Ada {name}") for name in ("Lovelace", "Stone", "Byron", "Marsh", "Quill")]
    cancelled()
    page = desk.get(f"/fly/desk/{inventory.pk}/rebooking/")
    done = []
    for left in ("3 bookings are left", "1 booking is left"):
        page = rebook(desk, inventory, plan_on(page))
        done.append(later.ledger().sold)
        assert left in page.text and 'hx-trigger="load, submit"' in page.text
    page = rebook(desk, inventory, plan_on(page))
    assert done == [2, 4] and "5 bookings were rebooked" in page.text and "left to do" not in page.text
    assert all(flights_of(booking) == [later.pk] for booking in bookings)


def test_what_was_refused_in_an_earlier_request_is_still_said_at_the_end(
    desk, inventory, later, cancelled, fly, monkeypatch
):
    monkeypatch.setattr(rebooking_forms, "CHUNK", 1)
    ada, bob = fly("Ada Lovelace"), fly("Bob Stone")
    cancelled()
    page = desk.get(f"/fly/desk/{inventory.pk}/rebooking/")
    ada.cancel()
    page = rebook(desk, inventory, plan_on(rebook(desk, inventory, plan_on(page))))
    assert "1 booking was rebooked" in page.text and ada.reference in page.text and flights_of(bob) == [later.pk]
