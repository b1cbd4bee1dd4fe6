"""What serving a waitlist costs does not grow with the days on which somebody waits, and one refusal stops no other offer."""

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.restaurants.models import Reservation, Restaurant, WaitlistEntry
from bookings.restaurants.models.slots import slot_of
from bookings.restaurants.models.waitlist import serve_waitlists
from post.models import Message
from verbs.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)

AT_MOST = 25  # queries: who is due, two locks, the wishes, what is free on all days


@pytest.fixture
def busy(bistro, tomorrow):
    """``busy(days, wishes)``: so many wishes on so many days, all closed, so that nothing can be offered."""

    def make(days, wishes):
        rows = []
        for number in range(wishes):
            day = tomorrow + timedelta(days=number % days)
            first = slot_of(datetime.combine(day, time(18), bistro.tz))
            email = f"guest{number}@example.org"
            guest = {"name": f"Guest {number}", "email": email, "contact": email, "party": 1 + number % 4}
            rows.append(WaitlistEntry(restaurant=bistro, day=day, first=first, last=first + 8, **guest))
        WaitlistEntry.objects.bulk_create(rows)
        for number in range(days):
            bistro.closures.create(day=tomorrow + timedelta(days=number))

    return make


def queries_of_serving(bistro):
    Restaurant.objects.get(pk=bistro.pk).serve_waitlist_at(timezone.now())
    with CaptureQueriesContext(connection) as found:
        serve_waitlists()
    return len(found)


@pytest.mark.parametrize(("days", "wishes"), [(1, 1), (56, 56), (56, 3000)])
def test_the_queries_of_a_waitlist_that_nothing_fits(bistro, busy, days, wishes):
    busy(days, wishes)
    assert queries_of_serving(bistro) <= AT_MOST


def test_what_is_not_due_is_not_read(bistro, busy):
    busy(56, 56)
    queries_of_serving(bistro)
    with CaptureQueriesContext(connection) as found:
        serve_waitlists()
    assert len(found) == 1


def test_of_many_days_only_the_one_with_room_is_served(bistro, busy, tomorrow):
    busy(56, 56)
    bistro.closures.get(day=tomorrow + timedelta(days=7)).delete()
    assert queries_of_serving(bistro) <= AT_MOST + 60, "one offer, with its mail and history"
    assert WaitlistEntry.objects.get(state="offered").day == tomorrow + timedelta(days=7)


def test_each_offer_is_a_transaction_with_its_mail(bistro, busy, monkeypatch):
    """The second of three can't be held: the first and the third have theirs, and their mails."""
    busy(3, 3)
    bistro.closures.all().delete()
    hold = WaitlistEntry.hold

    def refusing(self, found):
        if self.name == "Guest 1":
            raise Refused("not this one")
        return hold(self, found)

    monkeypatch.setattr(WaitlistEntry, "hold", refusing)
    bistro.serve_waitlist_at(timezone.now())
    serve_waitlists()
    states = dict(WaitlistEntry.objects.values_list("name", "state"))
    assert states == {"Guest 0": "offered", "Guest 1": "waiting", "Guest 2": "offered"}
    assert sorted(Message.objects.values_list("to", flat=True)) == ["guest0@example.org", "guest2@example.org"]
    assert Reservation.objects.count() == 2
