"""The book's sockets: two hosts see each other's moves, and nobody else sees anything."""

from datetime import datetime, timedelta
from datetime import time as clock

import pytest
import time_machine

from bookings.restaurants import topics
from bookings.restaurants.hosts.regions.book import ReservationList
from tests.clients import socket_of
from tests.sockets import close_code, content_with

pytestmark = pytest.mark.django_db(transaction=True)

SHOWN = {"": "T3", "grid/": "Ada", "floor/": "T3", "pace/": "<dd>2</dd>"}
REGIONS = [*SHOWN, "queue/"]


@pytest.mark.parametrize(("name", "words"), list(SHOWN.items()))
def test_a_booking_and_a_move_show_in_every_view(server, dora, book, tomorrow, tables, name, words):
    with socket_of(server, dora, f"/ws/reservations/{name}?restaurant=bistro&date={tomorrow}") as socket:
        socket.recv(20)
        made = book("18:00", 2)
        made.move(tables("T3"))
        content_with(socket, words)


def test_a_move_sends_the_one_line_that_changed(server, dora, book, tomorrow, tables):
    made, other = book("18:00"), book("18:00", name="Grace Hopper")
    with socket_of(server, dora, f"/ws/reservations/?restaurant=bistro&date={tomorrow}") as socket:
        content_with(socket, "Grace Hopper")
        made.move(tables("T3"))
        pushed = content_with(socket, "T3")
    assert f"#booking-{made.pk}" in pushed and f"booking-{other.pk}" not in pushed


def test_another_day_hears_nothing(server, dora, book, tomorrow, bistro):
    day = tomorrow + timedelta(days=365)
    with socket_of(server, dora, f"/ws/reservations/?restaurant=bistro&date={day}") as socket:
        content_with(socket, "No reservations to show")
        book("18:00")
        with pytest.raises(TimeoutError):
            content_with(socket, "hx-partial", 1)


@pytest.mark.parametrize("name", REGIONS)
def test_who_does_not_work_there_is_refused(server, erik, bistro, tomorrow, name):
    path = f"reservations/{name}?restaurant=bistro&date={tomorrow}"
    with socket_of(server, erik, f"/ws/{path}") as socket:
        assert close_code(socket) == 4403
    with server.ws(f"/ws/{path}") as socket:
        assert close_code(socket) == 4401


def test_one_reservations_own_regions_are_refused_too(server, erik, diner, book):
    made = book("18:00")
    for path in (f"booking/bistro/{made.reference}/", f"booking/bistro/{made.reference}/history/"):
        with socket_of(server, erik, f"/ws/{path}") as socket:
            assert close_code(socket) == 4403
    with socket_of(server, erik, f"/ws/booking/diner/{made.reference}/") as socket:
        assert close_code(socket) == 4404


def test_what_is_no_day_or_no_restaurant_ends_at_once(server, dora, bistro):
    with socket_of(server, dora, "/ws/reservations/?restaurant=bistro&date=2026-02-30") as socket:
        assert close_code(socket) == 4404
    with socket_of(server, dora, "/ws/reservations/?restaurant=nothing&date=2026-02-28") as socket:
        assert close_code(socket) == 4403


def test_who_works_there_no_more_sees_no_more(server, dora, bistro, tomorrow):
    with socket_of(server, dora, f"/ws/reservations/?restaurant=bistro&date={tomorrow}") as socket:
        socket.recv(20)
        bistro.staff.remove(dora)
        assert close_code(socket, 20) == 4403


def test_the_book_without_a_date_turns_the_page_with_the_day(bistro):
    region = ReservationList(query={"restaurant": "bistro"})
    noon = datetime.combine(bistro.today(), clock(12), bistro.tz)
    for day in (noon, noon + timedelta(days=1)):
        with time_machine.travel(day, tick=False):
            region.render()
            assert topics.book(bistro.pk, day.date()) in region.topics()
