"""Two hosts, one table, at the same moment, over HTTP: one gets it, the other is told who was first and offered the next best."""

from uuid import uuid4

import pytest

from bookings.restaurants.models import QueueEntry, Reservation, Table, TableSlot
from tests.clients import browser_of
from tests.html import one_line
from tests.races import answers_at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6


@pytest.fixture
def hosts(server, dora, dave):
    """A browser each."""
    browsers = [browser_of(server, user) for user in (dora, dave)]
    yield browsers
    for browser in browsers:
        browser.close()


def test_two_bookings_moved_to_one_table(hosts, book, tables):
    (table,) = tables("T3")
    for number in range(ROUNDS):
        clock = f"{17 + number // 4}:{15 * (number % 4):02}"
        parties = [book(clock, 2, name=name) for name in (f"Ada {number}", f"Grace {number}")]
        answers = answers_at_once(
            *(
                lambda host=host, party=party: host.post(
                    f"/restaurants/bistro/book/{party.reference}/move/",
                    data={"tables": table.pk, "seen": party.revision},
                )
                for host, party in zip(hosts, parties, strict=True)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 422]
        winner, loser = sorted(zip(answers, parties, strict=True), key=lambda pair: pair[0].status_code)
        assert f"Table T3 is taken: {winner[1].name} at {clock}." in loser[0].text
        assert 'name="instead" value="' in loser[0].text and "Move: T" in loser[0].text
        sitting = TableSlot.objects.filter(table=table).values_list("reservation", flat=True).distinct()
        assert list(sitting) == [winner[1].pk]
        for party in parties:
            party.cancel()


def test_two_walk_ins_at_one_table(hosts, bistro):
    tables = list(Table.objects.filter(area__restaurant=bistro))
    for table in tables:
        answers = answers_at_once(
            *(
                lambda host=host, name=name, table=table: host.post(
                    "/restaurants/bistro/book/walk-in/",
                    data={"key": uuid4(), "party": 2, "tables": table.pk, "name": f"{name} at {table}"},
                )
                for host, name in zip(hosts, ("Linus", "Ken"), strict=True)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 422]
        loser = max(answers, key=lambda answer: answer.status_code)
        first = Reservation.objects.filter(tables=table).get()
        assert f"Table {table} is taken: {first.name} at" in loser.text
        assert ('name="instead"' in loser.text) == (table != tables[-1]), "as long as there is another one"
    assert Reservation.objects.count() == len(tables)


def test_a_walk_in_that_is_sent_twice_at_once_is_one(hosts, bistro):
    """A button pressed twice, at two different tables even."""
    host, _other = hosts
    for tables in (("T1", "T1"), ("T3", "T4")):
        key = str(uuid4())
        keys = [Table.objects.get(name=name).pk for name in tables]
        answers = answers_at_once(
            *(
                lambda pk=pk, key=key: host.post(
                    "/restaurants/bistro/book/walk-in/", data={"key": key, "party": 2, "tables": pk}
                )
                for pk in keys
            )
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        assert Reservation.objects.filter(key=key).count() == 1
    assert Reservation.objects.count() == 2


def test_one_booking_and_two_verbs(hosts, book):
    """The second host hears what the first one did instead of doing it again."""
    made = book("18:00", 2)
    answers = answers_at_once(
        *(
            lambda host=host, verb=verb: host.post(
                f"/restaurants/bistro/book/{made.reference}/{verb}/", data={"seen": made.revision}
            )
            for host, verb in zip(hosts, ("arrive", "cancel"), strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert "Since you looked:" in max(answers, key=lambda answer: answer.status_code).text
    made.refresh_from_db()
    assert made.state in ("arrived", "cancelled")


def test_two_hosts_who_seat_one_party_of_the_queue(hosts, bistro, tables):
    """It gets one table, and the second host is told who was first."""
    for number, pair in enumerate([("T1", "T2"), ("T3", "T3"), ("W1", "T4")]):
        entry = QueueEntry.objects.join(bistro, 2, f"Linus {number}", 5)
        address = f"/restaurants/bistro/book/queue/{entry.pk}/seat/"
        answers = answers_at_once(
            *(
                lambda host=host, table=table, address=address: host.post(address, data={"seen": 1, "tables": table.pk})
                for host, table in zip(hosts, tables(*pair), strict=True)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        entry.refresh_from_db()
        first = entry.changes.get(verb="seat", field="state").by
        loser = max(answers, key=lambda answer: answer.status_code)
        assert "Since you looked:" in loser.text and f"Seated, by {first.first_name}" in one_line(loser.text)
        assert Reservation.objects.filter(name=entry.name).count() == 1
