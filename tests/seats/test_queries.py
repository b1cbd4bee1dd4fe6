"""How many queries it takes to hold seats, to be refused and to search: bounds that grow only when somebody means it."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.seats.fares.quote import Party
from bookings.seats.models import Booking
from bookings.seats.models.pricing import price_of
from tests.seats.searching import TOMORROW, full_but

STATEMENT = re.compile(r"SELECT|INSERT|UPDATE|DELETE|WITH")  # none that begins or ends a transaction


def queries_of(call):
    """The answer of a call, and how many statements it took."""
    with CaptureQueriesContext(connection) as found:
        answer = call()
    return answer, sum(bool(STATEMENT.match(query["sql"])) for query in found.captured_queries)


@pytest.fixture
def choose(client, inventory):
    """``choose(total=…)``: a browser that the site has seen before asks for a seat."""
    client.get("/fly/")
    now = price_of([inventory], "economy", "basic", Party(), timezone.now()).quote.total.amount

    def send(total=now, on=inventory):
        data = {"legs": on.pk, "family": "basic", "total": total, "cabin": "economy", "key": uuid4()}
        party = {"adults": 1, "children": 0, "infants_seated": 0, "infants_lap": 0}
        return client.post("/fly/offers/", {**data, **party})

    return send


def test_a_hold(choose):
    answer, queries = queries_of(choose)
    assert answer.status_code == 303 and Booking.objects.count() == 1
    assert queries <= 25


def test_another_price(choose):
    answer, queries = queries_of(lambda: choose(total=100))
    assert answer.status_code == 409 and b"The price has changed" in answer.content
    assert queries <= 17


def test_a_full_cabin(choose, inventory):
    full_but(0, inventory)
    answer, queries = queries_of(choose)
    assert answer.status_code == 409 and b"no seat left" in answer.content
    assert queries <= 21


def test_a_refusal_with_other_fares(choose, make_inventory):
    """Each other cabin is counted once, whatever the number of fares in it."""
    two_cabins = make_inventory(layout="737-800", number="5")
    full_but(0, two_cabins)
    answer, queries = queries_of(lambda: choose(on=two_cabins))
    assert answer.status_code == 409 and b"Still free on the same flights" in answer.content
    assert queries <= 22


@pytest.mark.parametrize("flights", [1, 12])
def test_a_search_whatever_the_number_of_flights(client, sell, flights):
    for number in range(flights):
        sell(minutes=5 * number)
    answer, queries = queries_of(lambda: client.get("/fly/", {"from": "JFK", "to": "BOS", "day": TOMORROW}))
    assert answer.status_code == 200 and b"JFK" in answer.content
    assert queries <= 20
