"""A flight is late, cancelled or can't be reached: what a passenger is told, and may choose."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from bookings.seats.models import Booking, State, Status, TooLate
from bookings.seats.models.following import LONGEST_WAIT, QUIET, follow_flights
from bookings.seats.passengers.trip.options import candidates, free_of_charge
from bookings.seats.passengers.trip.regions import Trip
from post.models import Message

DAY = 24 * 60


@pytest.fixture
def first(make_inventory):
    return make_inventory(number="1", minutes=300)


@pytest.fixture
def later(make_inventory):
    return make_inventory(number="2", minutes=540)


@pytest.fixture
def connecting(make_inventory):
    """New York to San Francisco, and on to Boston 75 minutes later."""
    return make_inventory(number="11", destination="SFO", minutes=300), make_inventory(
        number="12", origin="SFO", minutes=450
    )


def page_of(client, booking):
    return client.get(f"/fly/trips/{booking.token}/").content.decode()


def delay(inventory, **by):
    inventory.flight.delay(inventory.flight.off_block_scheduled + timedelta(**by))


def offered(booking):
    now = timezone.now()
    return [option.ids for option in free_of_charge(booking, candidates(booking, booking.trouble(), now), now)]


def mails():
    return list(Message.objects.order_by("pk").values_list("subject", flat=True))


def test_a_cancellation_shows_the_choices_and_the_open_page_hears_of_it(client, fly, first, later):
    booking = fly(on=[first])
    region = Trip(token=booking.token)
    assert f"flight-{first.flight_id}" in region.topics()
    assert "Take this flight" not in page_of(client, booking)
    first.flight.cancel()
    page = page_of(client, booking)
    assert "B6 1 is cancelled." in page and f'value="{later.pk}"' in page and "Cancel and get everything back" in page
    assert "US DOT" in page


def test_a_cancelled_flight_is_not_called_confirmed_and_asks_for_no_money(client, fly, book_flight, first, later):
    paid, unpaid = fly(on=[first]), book_flight("Bea Stone", on=[first])
    assert "Confirmed" in page_of(client, paid) and f"Pay {unpaid.price}" in page_of(client, unpaid)
    first.flight.cancel()
    assert "Confirmed" not in page_of(client, paid) and "Booked and paid" in page_of(client, paid)
    assert f"Pay {unpaid.price}" not in page_of(client, unpaid)
    client.post(f"/fly/trips/{paid.token}/rebook/", {"flights": later.pk})
    assert "Confirmed" in page_of(client, paid)


def test_one_press_rebooks_free_of_charge(client, fly, first, later):
    booking = fly("Ada Lovelace", "Mia Lovelace", children=1, on=[first])
    total = booking.total
    first.flight.cancel()
    answer = client.post(f"/fly/trips/{booking.token}/rebook/", {"flights": later.pk})
    assert answer.status_code == 303
    booking.refresh_from_db()
    assert (first.ledger().sold, later.ledger().sold) == (0, 2)
    assert booking.total == total == booking.charged and booking.due == 0
    assert booking.trouble() is None
    ada, mia = (later.assignments.get(coupon__traveller=each).seat for each in booking.party_members())
    assert ada in later.plan.neighbours(mia)
    again = client.post(f"/fly/trips/{booking.token}/rebook/", {"flights": later.pk})
    assert again.status_code == 303 and later.ledger().sold == 2


def test_full_flights_are_not_offered_and_appear_when_there_is_room(client, fly, first, later):
    booking = fly(on=[first])
    free = sorted(later.free("economy"))
    later.block(free, "crew")
    first.flight.cancel()
    assert "No other flight has room" in page_of(client, booking)
    assert f"seats-{later.pk}" in Trip(token=booking.token).topics()
    answer = client.post(f"/fly/trips/{booking.token}/rebook/", {"flights": later.pk})
    assert answer.status_code == 409
    later.unblock(free[:1])
    assert f'value="{later.pk}"' in page_of(client, booking)


def test_nobody_rebooks_for_nothing_while_all_is_well(client, fly, first, later, assert_published):
    booking = fly(on=[first])
    with pytest.raises(TooLate):
        booking.rebook_onto([later.pk])
    assert client.post(f"/fly/trips/{booking.token}/rebook/", {"flights": later.pk}).status_code == 409
    assert first.ledger().sold == 1


def test_staff_may_move_anybody(fly, first, later, bob):
    booking = fly(on=[first])
    booking.rebook_onto([later.pk], by=bob)
    assert later.ledger().sold == 1


@pytest.mark.parametrize(
    ("hours", "rebooks", "refunds"), [(0.2, None, None), (1, False, False), (2, True, False), (3, True, True)]
)
def test_how_late_it_must_be(fly, first, hours, rebooks, refunds):
    booking = fly(on=[first], family="basic")
    delay(first, hours=hours)
    trouble = booking.trouble()
    assert (trouble and trouble.may_rebook, trouble and trouble.may_refund) == (rebooks, refunds)
    back = booking.settlement(booking.party_members(), timezone.now()).back
    assert back == booking.price if refunds else not back


def test_a_delay_can_be_kept_until_it_is_worse(client, fly, first, later):
    booking = fly(on=[first])
    delay(first, hours=2)
    assert "Keep my flight" in page_of(client, booking)
    assert client.post(f"/fly/trips/{booking.token}/keep/").status_code == 303
    page = page_of(client, booking)
    assert "You keep your booking" in page and "Keep my flight" not in page
    delay(first, hours=5)
    assert "Keep my flight" in page_of(client, booking)


def test_a_connection_that_is_not_possible_any_more(fly, connecting, later, make_inventory):
    out, on = connecting
    booking = fly(on=[out, on])
    assert booking.trouble() is None
    delay(out, minutes=50)
    trouble = booking.trouble()
    assert (trouble.kind, trouble.start, trouble.may_rebook) == ("missed", 0, True)
    assert offered(booking) == [str(later.pk)]


def test_a_connection_is_as_long_as_the_great_circle_between_its_ends(fly, connecting):
    booking = fly(on=connecting)
    delay(connecting[0], minutes=50)
    assert booking.trouble().journey.km == 300  # JFK to BOS, whatever it is by way of San Francisco


def test_a_delay_counts_at_the_last_airport(fly, connecting):
    booking = fly(on=connecting)
    delay(connecting[0], minutes=20)  # they reach the next flight
    assert booking.trouble().event.arrives_later == timedelta()


def test_who_is_on_the_way_already_goes_on_from_where_they_change(fly, connecting, make_inventory):
    out, on = connecting
    next_one = make_inventory(number="13", origin="SFO", minutes=700)
    booking = fly(on=[out, on])
    with time_machine.travel(timezone.now() + timedelta(minutes=300)):
        out.flight.depart()
        out.flight.on_block_estimated = on.flight.off_block_scheduled
        out.flight.save(update_fields=["on_block_estimated"])
        trouble = booking.trouble()
        assert (trouble.kind, trouble.start, trouble.may_refund) == ("missed", 1, False)
        with pytest.raises(TooLate):
            booking.cancel()
        assert offered(booking) == [str(next_one.pk)]
        booking.rebook_onto([next_one.pk], 1)
    assert (out.ledger().sold, on.ledger().sold, next_one.ledger().sold) == (1, 0, 1)


def test_who_has_boarded_has_made_it(fly, connecting):
    out, on = connecting
    booking = fly(on=[out, on])
    delay(out, minutes=50)
    booking.coupons().filter(segment__position=1).update(status=Status.BOARDED)
    assert booking.trouble().kind == "delayed"


def test_a_schedule_that_is_moved_counts_as_later_than_booked(fly, first):
    booking = fly(on=[first])
    first.flight.off_block_scheduled += timedelta(hours=4)
    first.flight.on_block_scheduled += timedelta(hours=4)
    first.flight.save()
    trouble = booking.trouble()
    assert trouble.kind == "delayed" and trouble.may_refund


def test_a_cancelled_flight_gives_everything_back_whatever_the_fare(client, fly, first):
    booking = fly(on=[first], family="basic")
    first.flight.cancel()
    booking.cancel(accepted=booking.total)
    assert booking.state == State.CANCELLED and booking.charged == 0


# Mail


def test_a_cancellation_is_told_at_once_and_once(fly, first):
    fly(on=[first])
    follow_flights(timezone.now())
    before = len(mails())
    first.flight.cancel()
    assert follow_flights(timezone.now()) == 1 and follow_flights(timezone.now()) == 0
    assert mails()[before:] == ["B6 1 is cancelled: choose what to do"]
    body = Message.objects.latest("pk").body
    assert "another flight free of charge" in body and "US DOT" in body


def test_five_estimates_in_a_row_are_one_mail(fly, first):
    fly(on=[first])
    before = len(mails())
    for minutes in (20, 30, 40, 50, 60):
        delay(first, minutes=minutes)
        assert follow_flights(timezone.now()) == 0
    assert follow_flights(timezone.now() + QUIET) == 1
    assert mails()[before:] == ["B6 1 is delayed"]


def test_a_flight_that_is_never_quiet_is_told_in_the_end(fly, first):
    fly(on=[first])
    begin = timezone.now()
    delay(first, minutes=60)
    with time_machine.travel(begin + LONGEST_WAIT + timedelta(seconds=5)):
        delay(first, minutes=62)
        assert follow_flights(timezone.now()) == 1


def test_some_minutes_are_no_news_and_a_delay_that_ends_is(fly, first):
    fly(on=[first])
    delay(first, minutes=10)
    assert follow_flights(timezone.now() + QUIET) == 0
    delay(first, minutes=90)
    assert follow_flights(timezone.now() + QUIET) == 1
    first.flight.withdraw_delay()
    assert follow_flights(timezone.now() + QUIET) == 1
    assert mails()[-1] == "Your flight to Boston is on time again"


def test_another_gate_on_the_day_is_told(fly, first):
    fly(on=[first])
    first.flight.assign_gate("B1")
    assert follow_flights(timezone.now() + QUIET) == 0  # the first one is no change
    first.flight.assign_gate("B9")
    assert follow_flights(timezone.now() + QUIET) == 1
    assert "gate B9" in Message.objects.latest("pk").body


def test_who_has_cancelled_or_never_paid_hears_nothing(fly, hold_seats, first):
    booking = fly(on=[first])
    booking.cancel()
    hold_seats(on=[first])
    before = len(mails())
    first.flight.cancel()
    assert follow_flights(timezone.now()) == 0 and len(mails()) == before


def test_who_was_rebooked_is_not_told_of_the_former_flight(fly, first, later):
    booking = fly(on=[first])
    first.flight.cancel()
    booking.rebook_onto([later.pk])
    before = len(mails())
    assert follow_flights(timezone.now() + QUIET) == 0 and len(mails()) == before


def test_one_booking_that_fails_does_not_keep_the_others_from_hearing(fly, first, monkeypatch):
    broken, fine = fly("Ada Lovelace", on=[first]), fly("Bea Stone", on=[first])
    first.flight.cancel()
    tell = Booking.tell
    monkeypatch.setattr(Booking, "tell", lambda self, now: 1 / 0 if self.pk == broken.pk else tell(self, now))
    before = len(mails())
    with pytest.raises(ExceptionGroup):
        follow_flights(timezone.now())
    assert len(mails()) == before + 1 and Message.objects.latest("pk").about_key == str(fine.pk)
    monkeypatch.undo()
    assert follow_flights(timezone.now()) == 1  # the one that failed, and nobody twice


def test_a_booking_without_an_address_gets_no_mail(fly, first, later):
    booking = fly(on=[first], email="")
    first.flight.cancel("71")
    follow_flights(timezone.now())
    assert booking.segments.count() == 1 and mails() == []
