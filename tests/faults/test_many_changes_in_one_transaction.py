"""Hundreds of rows in one transaction: the end is exact everywhere, and takes few frames."""

import random
from datetime import timedelta

import pytest
from django.db import transaction

from live.outbox import publish
from tracking.flights.models import Flight
from verbs.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def test_500_changes_at_once_arrive_exactly_in_few_frames(server, open_page, make_flight):
    flights = [make_flight(minutes=30 + number // 2, number=str(number)) for number in range(1, 501)]
    with open_page(server, "departures/JFK/") as board, open_page(server, "disruptions/") as disruptions:
        with transaction.atomic():
            for flight in flights:
                flight.delay(flight.off_block_scheduled + timedelta(minutes=45), "81")
        board.until_current()
        disruptions.until_current()
        assert board.frames <= 2
        assert disruptions.frames <= 2


def test_a_day_of_changes_of_all_kinds_adds_up_to_what_is_true(server, open_page, make_flight):
    """Rows that change, come, go and move, as the model's verbs and the board's window make them."""
    chance = random.Random(7)
    flights = [make_flight(minutes=20 + 3 * number, number=str(number)) for number in range(1, 40)]
    with open_page(server, "departures/JFK/") as board, open_page(server, "departures/JFK/?q=9") as filtered:
        for number in range(100, 140):
            for flight in chance.sample(flights, 5):
                act(flight, chance)
            flights.append(new := make_flight(minutes=chance.randrange(10, 300), number=str(number)))
            publish(*new.topics())
            if number % 3 == 0:
                board.until_current()
        board.until_current()
        filtered.until_current()
        assert board.frames > 10


def act(flight, chance):
    verb = chance.choice(["gate", "gate", "delay", "board", "depart", "cancel", "reinstate", "reschedule"])
    try:
        match verb:
            case "gate":
                flight.assign_gate(f"B{chance.randrange(40)}")
            case "delay":
                flight.delay(flight.off_block_scheduled + timedelta(minutes=chance.randrange(20, 300)))
            case "reschedule":
                later = flight.off_block_scheduled + timedelta(minutes=chance.randrange(-10, 10))
                with transaction.atomic():
                    Flight.objects.filter(pk=flight.pk).update(off_block_scheduled=later)
                    publish(*flight.topics())
            case _:
                getattr(flight, verb)()
    except Refused:
        pass  # not from where it is now
