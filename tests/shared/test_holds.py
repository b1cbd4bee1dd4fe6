"""A hold ends at its moment, whether anybody clears it away or not."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.shared.tickets.models import Ticket

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


@pytest.fixture
def tickets(db):
    def ticket(seconds):
        return Ticket.objects.create(expires_at=NOW + timedelta(seconds=seconds))

    return {
        "past": ticket(-60),
        "this second": ticket(0),
        "soon": ticket(1),
        "later": ticket(420),
        "bought": Ticket.objects.create(),
    }


def names(tickets, found):
    return {name for name, ticket in tickets.items() if ticket in set(found)}


def test_the_query_knows_which_holds_count(tickets):
    assert names(tickets, Ticket.objects.holding(NOW)) == {"soon", "later"}
    assert names(tickets, Ticket.objects.expired(NOW)) == {"past", "this second"}
    assert names(tickets, Ticket.objects.unexpired(NOW)) == {"soon", "later", "bought"}


def test_a_row_knows_it_as_the_query_does(tickets):
    assert {name for name, ticket in tickets.items() if ticket.is_expired(NOW)} == {"past", "this second"}


def test_without_a_moment_it_is_now(tickets):
    with time_machine.travel(NOW + timedelta(seconds=2), tick=False):
        assert names(tickets, Ticket.objects.holding()) == {"later"}
        assert names(tickets, Ticket.objects.expired()) == {"past", "this second", "soon"}
        assert names(tickets, Ticket.objects.unexpired()) == {"later", "bought"}
        assert tickets["soon"].is_expired() and not tickets["later"].is_expired()
        assert Ticket.objects.next_expiry() == tickets["later"].expires_at


def test_the_next_expiry_is_that_of_the_first_hold(tickets):
    assert Ticket.objects.next_expiry(NOW) == tickets["soon"].expires_at
    assert Ticket.objects.filter(pk=tickets["later"].pk).next_expiry(NOW) == tickets["later"].expires_at
    assert Ticket.objects.filter(pk=tickets["bought"].pk).next_expiry(NOW) is None
