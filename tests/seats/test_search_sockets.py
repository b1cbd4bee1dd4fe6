"""The socket of a search: one rendering for all who watch it, only the row that changed, and silence about other markets."""

import json
from contextlib import ExitStack

import pytest

from live.models import Publish
from tests.server.raw import KEY, counted
from tests.sockets import content_with, frames, next_frame, silence

RENDERINGS = 'airside_render_seconds_count{region="FlightUpdates"}'

pytestmark = pytest.mark.django_db(transaction=True)


def address(inventory, **query):
    flight = inventory.flight
    words = "".join(f"&{name}={value}" for name, value in query.items())
    return f"/ws/flight_updates/?from={flight.origin_id}&to={flight.destination_id}&day={flight.date}{words}"


def test_a_seat_that_goes_sends_the_row_it_is_about(server, sell, hold_seats):
    inventory, other = sell(), sell(hours=1)
    inventory.block(sorted(inventory.free("economy"))[3:])
    with server.ws(address(inventory)) as socket:
        assert "3 seats, counted" in next_frame(socket)["content"]
        hold_seats(on=[inventory])
        pushed = content_with(socket, "2 seats, counted")
    assert f"#itinerary-{inventory.pk}" in pushed and f"itinerary-{other.pk}" not in pushed


def test_another_day_and_the_way_back_say_nothing(server, sell, hold_seats):
    inventory, back, day_after = sell(), sell("BOS", "JFK"), sell(hours=24)
    with server.ws(address(inventory)) as socket:
        next_frame(socket)
        with silence(socket):
            hold_seats(on=[back])
            hold_seats(on=[day_after])


def test_one_rendering_for_each_change_however_many_watch(serve, sell):
    inventory = sell()
    seats = sorted(inventory.free("economy"))
    inventory.block(seats[9:])
    Publish.objects.all().delete()  # a server reads what was before it as well, some time after its first socket
    server = serve(processes=1, AIRSIDE_METRICS_KEY=KEY)
    with ExitStack() as stack:
        sockets = [stack.enter_context(server.ws(address(inventory))) for _ in range(20)]
        for socket in sockets:
            next_frame(socket)
        before = counted(server, RENDERINGS)
        for number in range(5):
            inventory.block([seats[number]])
            shown = {content_with(socket, f"{8 - number} seat") for socket in sockets}
            assert len(shown) == 1, "all are sent the same"
        assert counted(server, RENDERINGS) - before == 5


def test_who_comes_later_is_not_told_another_time_of_the_count(server, sell):
    inventory = sell()
    inventory.block(sorted(inventory.free("economy"))[3:])
    with server.ws(address(inventory)) as first, server.ws(address(inventory)) as second:
        shown = [json.dumps(next(frames(socket))["content"]) for socket in (first, second)]
    assert shown[0] == shown[1]


WILD = (
    *("adults=-1", f"adults={'9' * 400}", "day=2026-11-31", "day=9999-12-31", "cabin=attic", "order=__class__"),
    *(
        "from=%00%00%00",
        "from=%ED%A0%80",
        "to=JFK",
        "max_price=1e9",
        "seen=%00",
        f"seen={'9' * 40}",
        "airlines=%2C%2C%2C",
    ),
)


def test_wild_parameters_get_an_answer_and_the_next_search_is_served(server, sell):
    inventory = sell()
    for wild in WILD:
        with server.ws(f"/ws/flight_updates/?from=JFK&to=BOS&{wild}") as socket:
            assert next_frame(socket)["content"], wild
    with server.ws(address(inventory)) as socket:
        assert inventory.flight.designator in next_frame(socket)["content"]
