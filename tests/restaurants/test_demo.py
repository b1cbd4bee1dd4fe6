"""The demo's restaurants, and the evening that moves their book through the pages that people use."""

import os
import random
import signal
import subprocess
import sys
from datetime import timedelta
from itertools import combinations

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from bookings.restaurants import topics
from bookings.restaurants.demo import actors, venues
from bookings.restaurants.demo import guests as demo_guests
from bookings.restaurants.demo.setup import restaurants as set_up_restaurants
from bookings.restaurants.models import QueueEntry, Reservation, Restaurant, State, Table, TableSlot, WaitlistEntry
from bookings.restaurants.models.slots import slot_of
from bookings.restaurants.models.states import TAKING
from bookings.restaurants.models.waitlist import serve_waitlists
from demo.parts import PASSWORD, Demo
from tests.serving import database_url
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo_mode(settings):
    settings.DEMO = True


@pytest.fixture
def opened(airports, demo_mode, monkeypatch):
    """The four restaurants, with few days of bookings; the Demo that they were set up in."""
    monkeypatch.setattr(demo_guests, "DAYS", 2)
    return set_up()


def set_up():
    parts = Demo()
    set_up_restaurants(parts)
    return parts


def test_it_is_for_demo_mode_only(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo mode"):
        call_command("demo_guests", "idlewild-kitchen")


def test_a_restaurant_that_is_not_there_is_one_sentence(db, demo_mode):
    with pytest.raises(CommandError, match="There is no restaurant “nowhere”"):
        call_command("demo_guests", "nowhere")


def test_there_are_four_restaurants_and_hosts_who_work_there(opened):
    assert Restaurant.objects.count() == 4
    assert [account.email for account in opened.accounts] == ["host@airside.example", "host2@airside.example"]
    assert User.objects.get(email="host2@airside.example").restaurants.get().slug == "idlewild-kitchen"
    for restaurant in Restaurant.objects.all():
        tables = Table.objects.filter(area__restaurant=restaurant)
        assert 8 <= len(tables) <= 20 and len({table.name for table in tables}) == len(tables)
        for row in (restaurant, *restaurant.services.all(), *restaurant.areas.all(), *tables):
            row.full_clean()
        assert not any(one.clash(other) for one, other in combinations(restaurant.services.all(), 2))


def test_every_table_stands_on_its_plan_and_on_no_other(opened):
    for restaurant in Restaurant.objects.all():
        for area in restaurant.areas.all():
            tables = list(area.tables.all())
            for table in tables:
                assert table.x + table.width <= area.width and table.y + table.height <= area.height, table
            for one in tables:
                for other in tables:
                    apart = (
                        one.x + one.width <= other.x
                        or other.x + other.width <= one.x
                        or one.y + one.height <= other.y
                        or other.y + other.height <= one.y
                    )
                    assert one == other or apart, (restaurant, one, other)


def test_days_are_half_booked_and_the_book_is_right(opened):
    for restaurant in Restaurant.objects.all():
        assert restaurant.reservations.filter(day=restaurant.today() + timedelta(days=1)).count() > 15
    wanted = {
        (table.pk, slot, one.pk)
        for one in Reservation.objects.filter(state__in=TAKING).prefetch_related("tables")
        for table in one.tables.all()
        for slot in range(one.first, one.first + one.count)
    }
    assert set(TableSlot.objects.values_list("table", "slot", "reservation")) == wanted


def test_each_booking_has_its_history(opened):
    for reservation in Reservation.objects.prefetch_related("changes", "tables"):
        told = {step.field: step.after for step in reservation.changes.all()}
        assert told["tables"] == " + ".join(sorted(table.name for table in reservation.tables.all()))
        assert {"state", "party", "name", "starts_at", "ends_at"} <= told.keys()
        assert {step.revision for step in reservation.changes.all()} == {reservation.revision}


def test_open_books_show_it(airports, demo_mode, assert_published, monkeypatch):
    monkeypatch.setattr(demo_guests, "DAYS", 1)
    restaurant = venues.open_restaurant(airports["JFK"], **venues.RESTAURANTS[0])
    with assert_published(topics.book(restaurant.pk, restaurant.today()), topics.queue(restaurant.pk)):
        demo_guests.half_book(restaurant)


def test_in_the_middle_of_an_evening_some_sit_and_some_have_gone(airports, demo_mode, monkeypatch, time_machine):
    monkeypatch.setattr(demo_guests, "DAYS", 1)
    time_machine.move_to("2027-03-02T19:40:00-05:00")
    set_up()
    states = set(Reservation.objects.values_list("state", flat=True))
    assert {State.SEATED, State.FINISHED, State.BOOKED} <= states
    assert not Reservation.objects.filter(state=State.SEATED, seated_at__gt=timezone.now()).exists()


def test_what_is_there_stays(opened):
    before = list(Reservation.objects.order_by("pk").values())
    set_up()
    assert list(Reservation.objects.order_by("pk").values()) == before


@pytest.fixture
def guests(bistro, dora, tomorrow, monkeypatch, server):
    """Guests at the bistro, tomorrow, one step at a time; dora's password is the demo's."""
    dora.email = "host@airside.example"
    dora.set_password(PASSWORD)
    dora.save()
    EmailAddress.objects.update_or_create(user=dora, defaults={"email": dora.email, "verified": True, "primary": True})
    monkeypatch.setattr(actors, "CHANCE", random.Random(1))
    monkeypatch.setattr(Restaurant, "today", lambda self, now=None: tomorrow)
    guests = actors.Guests()
    guests.url, guests.speed = server.url, 1000
    guests.start(bistro)
    return guests


def test_guests_book_hold_and_cancel_by_the_pages(guests):
    guests.book()
    booked = Reservation.objects.get()
    assert booked.state == State.BOOKED and booked.email.endswith("@guests.example")
    guests.look()
    assert Reservation.objects.filter(state=State.CANCELLED).count() == 1
    guests.cancel()
    booked.refresh_from_db()
    assert booked.state == State.CANCELLED


def test_guests_join_the_waitlist_of_a_full_time_and_claim_what_becomes_free(guests, bistro, slot):
    bistro.services.update(last="17:00", pace_online=8)
    Table.objects.exclude(name__in=["T3", "T4"]).update(is_open=False)
    Table.objects.update(min_covers=1)
    booked = [Reservation.objects.book(bistro, slot("17:00"), 4, name=name) for name in ("Grace", "Ada")]
    guests.wait()
    wish = WaitlistEntry.objects.get()
    assert (wish.first, wish.last, wish.state) == (slot("17:00"), slot("17:00"), "waiting")
    guests.claim()
    assert len(guests.waitlist) == 1, "there is nothing to take yet"
    for reservation in booked:
        reservation.cancel()
    serve_waitlists()
    guests.claim()
    wish.refresh_from_db()
    assert (wish.state, wish.offer.state, len(guests.booked)) == ("booked", State.BOOKED, 1)


@pytest.fixture
def always_open(bistro):
    """It is afternoon there (tests/cast/flights.py), in the middle of a service."""
    bistro.services.update(begins="00:00", last="23:45", ends="23:59")


def test_guests_queue_from_a_phone_and_are_called_and_seated_or_leave(guests, bistro, dora, always_open):
    Table.objects.filter(name="W1").update(max_covers=8)
    guests.queue()
    for state in ("called", "seated"):
        guests.work()
        assert QueueEntry.objects.get().state == state
        QueueEntry.objects.update(called_at=timezone.now() - timedelta(minutes=5))
    assert QueueEntry.objects.get().reservation.changes.filter(by=dora).exists()
    guests.queued.clear()
    guests.queue()
    guests.leave()
    assert QueueEntry.objects.latest("pk").state == "left"


def test_the_host_does_what_is_due_by_the_forms(guests, bistro, dora, always_open):
    now = timezone.now()
    reservation = Reservation.objects.book(bistro, slot_of(now), 2, name="Grace")
    guests.speed = 1
    for verb, after, due in (
        ("arrive", State.ARRIVED, {"arrived_at": now - timedelta(minutes=5)}),
        ("seat", State.SEATED, {"seated_at": now - timedelta(minutes=50)}),
        ("progress", State.SEATED, {"seated_at": now - timedelta(minutes=200)}),
        ("finish", State.FINISHED, {}),
    ):
        while not reservation.changes.filter(verb=verb).exists():
            guests.work()
        reservation.refresh_from_db()
        assert (reservation.state, reservation.changes.filter(verb=verb, by=dora).exists()) == (after, True)
        Reservation.objects.filter(pk=reservation.pk).update(revision=reservation.revision, **due)


def test_it_goes_on_when_it_fails_and_ends_when_told_to(bistro, server, tmp_path):
    """Of its own process: it is killed, started again, and told to end."""
    environment = {**os.environ, "DATABASE_URL": database_url(), "AIRSIDE_DEMO": "1", "AIRSIDE_DATA": str(tmp_path)}
    environment["SECRET_KEY"] = site.SECRET_KEY
    command = [sys.executable, site.BASE / "manage.py", "demo_guests", "bistro", "--speed=60", f"--url={server.url}"]
    for ends_by, status in ((signal.SIGKILL, -9), (signal.SIGTERM, 0)):
        before = Reservation.objects.count()
        with subprocess.Popen(command, env=environment) as process:
            # More than one: the server may still be at what the process before it asked for.
            until(lambda: Reservation.objects.count() > before + 1 or process.poll() is not None, 120)  # noqa: B023
            process.send_signal(ends_by)
            assert process.wait(30) == status
        assert Reservation.objects.count() > before
