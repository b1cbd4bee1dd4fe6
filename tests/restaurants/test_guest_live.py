"""What guests' pages are pushed, over real sockets: who is told what, who must not be, and when a link ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.restaurants import topics
from bookings.restaurants.models import QueueEntry, Reservation, WaitlistEntry
from live.outbox import publish
from tests.clients import socket_of
from tests.sockets import close_code, content_with, contents

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def times(server, bistro, tomorrow):
    """A socket to the bistro's times of tomorrow for two."""
    return lambda day=tomorrow, party=2: server.ws(f"/ws/restaurant-times/bistro/?party={party}&date={day.isoformat()}")


def test_a_time_leaves_and_comes_back_as_others_hold_book_and_cancel(times, hold, slot):
    with times(party=8) as socket:
        shown = contents(socket)
        assert f'value="{slot("18:00")}"' in next(shown)
        held = hold("18:00", 8)
        change = next(shown)
        assert f'id="time-{slot("18:00")}"' in change and "held, may free at" in change
        held.confirm("Ada Lovelace", "ada@example.org")
        booked = next(shown)
        assert "<s>18:00</s>" in booked and "Ada" not in booked
        held.cancel()
        assert f'value="{slot("18:00")}"' in next(shown)


def test_only_the_times_that_changed_are_sent(times, hold):
    with times() as socket:
        shown = contents(socket)
        whole = next(shown)
        for _ in range(4):
            hold("17:00", 2)
        assert len(next(shown)) < len(whole)


def test_a_hold_that_expires_is_free_by_itself(times, hold, slot):
    held = hold("18:00", 8)
    with times(party=8) as socket:
        content_with(socket, "held, may free at")
        Reservation.objects.filter(pk=held.pk).update(expires_at=timezone.now() + timedelta(seconds=2))
        publish(topics.book(held.restaurant_id, held.day))  # so that the server knows of the new time
        content_with(socket, f'value="{slot("18:00")}"')


def test_a_booking_moved_to_another_day_frees_the_day_it_leaves(times, book, bistro, tomorrow, slot):
    from bookings.restaurants.models.availability import Availability

    reservation = book("18:00", 8)
    with times(party=8) as socket:
        shown = contents(socket)
        assert "<s>18:00</s>" in next(shown)
        later = tomorrow + timedelta(days=7)
        to = Availability(bistro, later)
        time = to.find(slot("18:00", later), 8)
        reservation.change(time, 8, to.free_tables(time.slot, 8, 8))
        assert f'value="{slot("18:00")}"' in next(shown)


def test_another_days_bookings_are_not_told(times, hold, bistro, slot, tomorrow):
    later = tomorrow + timedelta(days=7)
    with times() as socket:
        shown = contents(socket)
        next(shown)
        Reservation.objects.hold(bistro, slot("18:00", later), 8, uuid4())
        with pytest.raises(TimeoutError):
            next(contents(socket, seconds=1.5))


def test_no_such_restaurant_and_no_such_link(server, bistro):
    for path in ("restaurant-times/nowhere/", "restaurant-queue/nowhere/"):
        with server.ws(f"/ws/{path}") as socket:
            assert close_code(socket) == 4404
    for path in ("reservation/1/", "waiting/1/", "reservation/forged/"):
        with server.ws(f"/ws/{path}") as socket:
            assert close_code(socket) in (4403, 4404)


@pytest.mark.parametrize("query", ["party=0", "party=x&date=y", "date=2001-01-01", "area=99", "party=" + "9" * 200])
def test_whatever_is_asked_for_the_server_lives(server, bistro, query):
    with server.ws(f"/ws/restaurant-times/bistro/?{query}") as socket:
        assert "times-of" in next(contents(socket))


def test_what_the_house_does_is_told_to_the_guest(server, book, dora):
    reservation = book("18:30")
    with server.ws(f"/ws/reservation/{reservation.token}/") as socket:
        shown = contents(socket)
        assert "Booked" in next(shown)
        reservation.arrive()
        assert "We are preparing your table" in next(shown)
        reservation.cancel(by=dora)
        assert "Cancelled" in next(shown)


def test_a_link_that_is_handed_on_ends_its_socket(server, book):
    reservation = book("18:30")
    with server.ws(f"/ws/reservation/{reservation.token}/") as socket:
        next(contents(socket))
        reservation.transfer("Grace", "grace@example.org")
        assert close_code(socket, 20) in (4403, 4404)


def test_ones_place_in_the_queue(server, bistro):
    ada, ben = (QueueEntry.objects.join(bistro, 2, name, 0) for name in ("Ada", "Ben"))
    with server.ws(f"/ws/waiting/{ben.token}/") as socket:
        shown = contents(socket)
        assert ">2</strong>" in next(shown)
        ada.leave()
        assert "You are next." in next(shown)
        ben.call()
        assert "Your table is ready" in next(shown)


def test_an_offer_shows_on_the_page_of_who_waits(serve, bistro, full, tomorrow, slot):
    server = serve(LIVE_PERIODIC="1")
    wish = WaitlistEntry.objects.join(
        bistro, tomorrow, slot("18:00"), slot("19:00"), 2, name="Bea", email="bea@example.org"
    )
    with server.ws(f"/ws/waiting/{wish.token}/") as socket:
        shown = contents(socket)
        assert ">1</strong>" in next(shown)
        full[0].cancel()
        while "A table for you" not in (page := next(shown)):
            assert ">1</strong>" in page


def test_my_bookings_follow_what_i_and_others_do_and_are_mine_alone(server, hold, dora, erik):
    with socket_of(server, dora, f"/ws/my-reservations/{dora.pk}/") as socket:
        shown = contents(socket)
        assert "No table is booked" in next(shown)
        booked = hold("18:00", user=dora).confirm("Dora", "dora@example.org", user=dora)
        assert booked.restaurant.name in next(shown)
        booked.cancel()
        assert "Cancelled" in next(shown)
        other = hold("19:00", user=dora).confirm("Dora", "dora@example.org", user=dora)
        assert "19:00" in next(shown)
        other.transfer("Erik", "erik@example.org")
        assert "19:00" not in next(shown)
    with socket_of(server, erik, f"/ws/my-reservations/{dora.pk}/") as socket:
        assert close_code(socket) == 4403
