"""The waitlist for a time that is full, the queue at the door, and the widget on the restaurant's own site."""

from collections import defaultdict
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from bookings.restaurants.models import Closure, QueueEntry, Reservation, State, WaitlistEntry
from bookings.restaurants.models.presence import door_code


@pytest.fixture
def wait(client, full, tomorrow, slot):
    """``wait("18:00", "19:00")``: the answer to the waitlist's form for tomorrow, which is full."""

    def send(first="18:00", last="19:00", party=2, key=None, **fields):
        fields = {"name": "Bea", "email": "bea@example.org", "key": key or uuid4(), **fields}
        fields = {"first": slot(first), "last": slot(last), "party": party, "date": tomorrow.isoformat(), **fields}
        return client.post("/restaurants/bistro/waitlist/", fields)

    return send


@pytest.fixture
def offer(bistro, slot, full):
    """Give a wish a table that is kept for it, as bookings.offers does: all guests of the evening have cancelled."""

    def give(clock="18:00"):
        for reservation in full:
            reservation.cancel()
        wish = WaitlistEntry.objects.get()
        wish.offer = Reservation.objects.hold(bistro, slot(clock), wish.party, uuid4())
        wish.state = WaitlistEntry.State.OFFERED
        wish.save()
        return wish

    return give


@pytest.fixture
def evening(bistro, slot, time_machine):
    """It is 18:00 at the bistro, where dinner is served."""
    time_machine.move_to(slot("18:00") * 900)


@pytest.fixture
def join(client, bistro, evening):
    """``join(party=2)``: the answer to the queue's form, with the code of the day. Each name has a browser of its own."""

    def send(party=2, name="Cal", key=None, browser=None, **fields):
        fields = {"party": party, "name": name, "key": key or uuid4(), "code": door_code(bistro), **fields}
        return (browser or browsers[name]).post("/restaurants/bistro/queue/", fields)

    browsers = defaultdict(Client, {"Cal": client})

    return send


# Waitlist


def test_on_the_waitlist_with_a_place_and_a_page_of_ones_own(client, wait):
    first, second = wait(name="Beatrice"), wait(name="Ben", email="ben@example.org")
    assert first.status_code == 303 and first.url.startswith("/restaurants/waiting/")
    assert '<strong class="figure">1</strong>' in client.get(first.url).text
    page = client.get(second.url).text
    assert '<strong class="figure">2</strong>' in page and "18:00–19:00" in page and "New York time" in page
    assert "Beatrice" not in page


def test_sent_twice_it_is_one_wish(wait):
    key = uuid4()
    assert wait(key=key).url == wait(key=key).url
    assert WaitlistEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"first": "19:00", "last": "18:00"}, 422),
        ({"first": "03:00"}, 422),
        ({"email": "nobody"}, 422),
        ({"name": ""}, 422),
        ({"party": 0}, 422),
        ({"party": 50}, 422),
        ({"date": "2001-01-01"}, 422),
        ({"date": "x"}, 422),
        ({"key": "forged"}, 422),
    ],
)
def test_a_wish_that_cannot_be(wait, fields, status):
    assert wait(**fields).status_code == status
    assert not WaitlistEntry.objects.exists()


def test_an_offer_is_shown_and_taken(client, wait, offer):
    address = wait().url
    given = offer()
    page = client.get(address).text
    assert "A table for you" in page and "Take this table" in page and "data-until=" in page
    answer = client.post(f"{address}claim/")
    given.refresh_from_db()
    assert given.state == WaitlistEntry.State.BOOKED
    assert given.offer.state == State.BOOKED and given.offer.email == "bea@example.org"
    assert answer.url == given.offer.get_absolute_url()
    assert client.post(f"{address}claim/").url == answer.url, "taken twice it is the same"
    assert client.get(address).url == answer.url


def test_an_offer_that_somebody_else_has_now_is_none(client, wait, offer, bistro, slot, time_machine):
    address = wait(party=8).url
    offer()
    time_machine.move_to(timezone.now() + timedelta(minutes=20))
    other = Reservation.objects.hold(bistro, slot("18:00"), 8, uuid4())
    answer = client.post(f"{address}claim/")
    assert answer.status_code == 409 and "This offer has expired." in answer.text
    other.refresh_from_db()
    assert other.state == State.HELD


def test_who_leaves_gives_the_offer_back(client, wait, offer):
    address = wait().url
    offer()
    assert client.post(f"{address}leave/").url == address
    assert "not on the waitlist any more" in client.get(address).text
    assert not Reservation.objects.taking().exists()
    assert client.post(f"{address}leave/").status_code == 422


def test_a_number_is_no_link(client, wait):
    address = wait().url
    for forged in ("/restaurants/waiting/1/", address[:-2] + "/", address[:-1] + "x/"):
        assert client.get(forged).status_code == 404
        assert client.post(f"{forged}leave/").status_code == 404
    assert client.get("/live/waiting/1/").status_code == 404
    assert WaitlistEntry.objects.get().state == WaitlistEntry.State.WAITING


# Queue


def test_the_queue_says_how_long_one_waits_and_names_nobody(client, join):
    join(name="Cassandra", phone="555 123")
    page = client.get("/restaurants/bistro/queue/").text
    assert "One party is waiting" in page and "Join the queue" in page
    assert "Cassandra" not in page and "555 123" not in page


def test_ones_place_in_it(client, join):
    first, second = join(), join(name="Dan")
    assert "You are next." in client.get(first.url).text
    assert '<strong class="figure">2</strong>' in client.get(second.url).text
    QueueEntry.objects.get(name="Cal").call()
    assert "Your table is ready" in client.get(first.url).text
    QueueEntry.objects.get(name="Cal").leave()
    assert "You are next." in client.get(second.url).text


def test_what_was_quoted_stays_what_one_was_told(client, join, bistro, book, tables):
    Reservation.objects.walk_in(bistro, 2, tables("W1"))
    for party in (2, 2, 4, 4):
        Reservation.objects.walk_in(
            bistro, party, [t for t in tables("T1", "T2", "T3", "T4") if not t.slots.exists()][:1]
        )
    page = client.get(join().url).text
    party = QueueEntry.objects.get()
    assert round((party.quoted_until - party.joined_at).total_seconds() / 60) == 90
    assert "We expect your table by 19:30." in page and "data-up" in page


def test_joined_twice_from_one_page_it_is_one_party(join):
    key = uuid4()
    assert join(key=key).url == join(key=key).url
    assert QueueEntry.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{"party": 0}, {"party": 101}, {"party": 50}, {"name": ""}, {"key": "x"}, {"party": "x"}]
)
def test_a_party_that_cannot_be(join, fields):
    answer = join(**fields)
    assert answer.status_code == 422 and 'class="error"' in answer.text
    assert not QueueEntry.objects.exists()


def test_between_meals_and_on_closed_days_there_is_no_queue(client, join, bistro, tomorrow, slot, time_machine):
    Closure.objects.create(restaurant=bistro, day=tomorrow)
    assert join().status_code == 422
    Closure.objects.all().delete()
    time_machine.move_to(slot("09:00") * 900)
    assert join().status_code == 422
    assert "The queue is closed" in client.get("/restaurants/bistro/queue/").text
    assert not QueueEntry.objects.exists()


def test_leave_the_queue(client, join):
    address = join().url
    assert client.post(f"{address}leave/").url == address
    assert "not in the queue any more" in client.get(address).text
    assert client.post(f"{address}claim/").status_code == 404, "there is nothing to claim in a queue"


def test_links_of_parties_are_not_links_of_wishes(client, join, wait):
    join()
    party = QueueEntry.objects.get()
    wait("19:00", "20:00")
    assert party.token != WaitlistEntry.objects.get().token


# Widget


@pytest.mark.parametrize(
    ("listed", "ancestors"),
    [
        ("", "frame-ancestors 'none'"),
        ("https://bistro.example\nhttps://other.example:8443/", "https://bistro.example https://other.example:8443"),
        ("*", "frame-ancestors 'none'"),
        ("https://x.example; script-src *", "frame-ancestors 'none'"),
        ("https://*.example", "frame-ancestors 'none'"),
        ("bistro.example\njavascript:alert(1)", "frame-ancestors 'none'"),
        ("https://x.example/path", "frame-ancestors 'none'"),
    ],
)
def test_only_listed_sites_may_frame_the_widget(client, bistro, listed, ancestors):
    bistro.embedded_by = listed
    bistro.save()
    answer = client.get("/restaurants/bistro/widget/")
    policy = answer["Content-Security-Policy"]
    assert ancestors in policy and "script-src 'self'" in policy
    assert "X-Frame-Options" not in answer
    assert client.get("/restaurants/bistro/")["X-Frame-Options"] == "DENY"


def test_a_frame_on_another_site_is_refused_and_recorded(client, bistro, caplog):
    bistro.embedded_by = "https://bistro.example"
    bistro.save()

    def framed_by(origin):
        return client.get(
            "/restaurants/bistro/widget/", headers={"Sec-Fetch-Dest": "iframe", "Referer": origin + "/"}
        ).status_code

    assert framed_by("https://bistro.example") == 200
    assert framed_by("http://testserver") == 200
    with caplog.at_level("WARNING", "airside.restaurants"):
        assert framed_by("https://evil.example") == 403
    assert "refused a frame" in caplog.text


def test_a_time_of_the_widget_opens_its_page_in_a_tab_of_its_own(client, bistro, tomorrow, slot):
    page = client.get("/restaurants/bistro/widget/", {"party": 2, "date": tomorrow.isoformat()}).text
    assert 'target="_blank"' in page and "csrf" not in page
    chosen = {"party": 2, "date": tomorrow.isoformat(), "slot": slot("18:30")}
    assert "Take it" in client.get("/restaurants/bistro/", chosen).text
    assert "Take it" not in client.get("/restaurants/bistro/", {**chosen, "slot": "12"}).text
