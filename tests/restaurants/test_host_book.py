"""The book of a restaurant: who may open it, what its three views show, its days and filters."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.restaurants.models import QueueEntry, Reservation, WaitlistEntry
from live.regions import find

BOOK = "/restaurants/bistro/book/"


@pytest.fixture
def view(host, tomorrow):
    """``view("grid")``: that view of tomorrow's book, as text."""

    def page(name="list", **query):
        answer = host.get(BOOK, {"date": tomorrow.isoformat(), "view": name, **query})
        assert answer.status_code == 200
        return answer.text

    return page


def test_strangers_sign_in_first_and_others_find_nothing(client, erik, full, bistro, tomorrow, slot):
    made, party = full[0], QueueEntry.objects.join(bistro, 2, "Linus", 5)
    guest = {"name": "Tony", "email": "tony@example.org"}
    entry = WaitlistEntry.objects.join(bistro, tomorrow, slot("19:00"), slot("20:00"), 2, **guest)
    query = f"?restaurant=bistro&date={tomorrow}"
    addresses = [BOOK, f"{BOOK}new/", f"{BOOK}walk-in/", f"{BOOK}close/", f"{BOOK}queue/", f"{BOOK}{made.reference}/"]
    addresses += [f"{BOOK}queue/{party.pk}/", f"{BOOK}waitlist/{entry.pk}/"]
    for address in addresses:
        assert client.get(address).url.startswith("/accounts/login/?next=/restaurants/bistro/book/")
    client.force_login(erik)
    for address in addresses:
        assert client.get(address).status_code == 404
    assert client.post(f"{BOOK}{made.reference}/cancel/", {"seen": 1}).status_code == 404
    for name in ("", "grid/", "floor/", "pace/", "queue/"):
        assert client.get(f"/live/reservations/{name}{query}").status_code == 404
    for path in (
        f"booking/bistro/{made.reference}",
        f"queue-entry/bistro/{party.pk}",
        f"waitlist-entry/bistro/{entry.pk}",
    ):
        for name in ("", "history/"):
            assert client.get(f"/live/{path}/{name}").status_code == 404
    made.refresh_from_db()
    assert made.state == "booked"


def test_another_restaurants_reservation_is_in_no_book_of_ours(client, erik, diner, book):
    made = book("18:00")
    client.force_login(erik)
    address = f"/restaurants/diner/book/{made.reference}/"
    assert client.get("/restaurants/diner/book/").status_code == 200
    assert client.get(address).status_code == 404
    assert client.post(f"{address}cancel/", {"seen": made.revision}).status_code == 404
    assert client.get(f"/live/booking/diner/{made.reference}/").status_code == 404


def test_the_list_has_a_line_for_each_reservation(view, book):
    made = book("18:00", 2, notes="window", allergies="nuts", phone="555 0100")
    page = view()
    assert f'id="booking-{made.pk}"' in page
    for words in ("18:00", "Ada Lovelace", "T1", "Booked", "19:30", "window", "nuts"):
        assert words in page


@pytest.mark.parametrize(("name", "root"), [("grid", 'class="block calm"'), ("floor", 'class="chip"')])
def test_the_grid_and_the_floor_show_the_same(view, book, name, root):
    made = book("18:00", 2)
    page = view(name)
    assert root in page
    assert f"/restaurants/bistro/book/{made.reference}/" in page
    assert "Ada Lovelace" in page


def test_a_hold_is_shown_until_it_expires(view, hold, time_machine):
    held = hold("18:00")
    until = held.clock(held.expires_at)
    for name in ("list", "grid"):
        assert "Being booked" in view(name)
        assert f"until {until}" in view(name)
    time_machine.move_to(held.expires_at)
    for name in ("list", "grid"):
        assert "Being booked" not in view(name)


def test_a_hold_that_was_given_back_is_no_reservation(view, hold):
    held = hold("18:00")
    held.release()
    assert held.reference not in view()


def test_filters_of_the_list(view, book, bistro, tables):
    ada, grace = book("18:00"), book("19:00", 4, name="Grace Hopper", phone="555 0199")
    terrace = bistro.areas.create(name="Terrace", order=2)
    grace.move([terrace.tables.create(name="X1", max_covers=4)])
    ada.cancel()

    def shown(**query):
        page = view(**query)
        return [f"booking-{made.pk}" in page for made in (ada, grace)]

    assert shown() == [True, True]
    assert shown(show="expected") == [False, True]
    assert shown(show="ended") == [True, False]
    assert shown(area=terrace.pk) == [False, True]
    assert shown(q="0199") == [False, True]
    assert shown(q="lovel") == [True, False]
    assert shown(q=grace.reference.lower()) == [False, True]


@pytest.mark.parametrize("query", ["date=2026-13-01", "date=x", "date=0001-01-01", "date=9999-12-31", "view=nothing"])
def test_days_and_views_that_are_none(host, bistro, query):
    assert host.get(f"{BOOK}?{query}").status_code == 404


def test_the_pace_counts_guests_against_both_paces(host, book, bistro, tomorrow, slot):
    bistro.services.update(pace_online=4, pace=6)
    book("18:00", 4)
    Reservation.objects.book(bistro, slot("18:00"), 2, name="Grace")
    book("19:00", 2).cancel()
    page = host.get(f"/live/reservations/pace/?restaurant=bistro&date={tomorrow}").text
    assert "<dd>6</dd>" in page
    assert re.search(r'<li class="full">\s*<b>6</b>', page)
    assert "4 booked online" in page
    assert page.count("<li>") == 16, "all other quarters have room"


def test_the_book_without_reservations_says_so(view):
    assert "No reservations to show" in view()


def test_the_book_opens_at_the_service_that_is_on(host, bistro, book, tomorrow, slot, time_machine):
    lunch = bistro.services.create(name="Lunch", begins="11:00", last="14:00", ends="16:00")
    early, late = book("12:00", name="Ada"), book("18:00", name="Grace")
    noon = slot("12:00") * 900
    time_machine.move_to(noon)
    page = host.get(BOOK)
    assert page.context["service"] == str(lunch.pk)
    assert f"booking-{early.pk}" in page.text and f"booking-{late.pk}" not in page.text
    assert '<th scope="col" colspan="4"><time>18:00' not in host.get(f"{BOOK}?view=grid").text
    both = host.get(f"{BOOK}?service=").text
    assert f"booking-{early.pk}" in both and f"booking-{late.pk}" in both
    early.seat()
    time_machine.move_to(noon + 5 * 3600)
    page = host.get(BOOK).text
    assert f"booking-{early.pk}" in page, "who is still here is on every list"
    assert f"booking-{late.pk}" in page


def test_a_region_without_filters_has_the_whole_day(host, bistro, book, tomorrow):
    bistro.services.create(name="Lunch", begins="11:00", last="14:00", ends="16:00")
    made = [book("12:00"), book("18:00"), book("19:00").cancel()]
    page = host.get(f"/live/reservations/?restaurant=bistro&date={tomorrow}").text
    assert all(f'id="booking-{one.pk}"' in page for one in made)


@pytest.mark.parametrize("name", ["", "grid/", "floor/", "pace/", "queue/"])
def test_a_region_asks_the_database_as_often_for_many_as_for_one(bistro, book, tomorrow, name):
    def asked():
        region = find(f"reservations/{name}", {"restaurant": "bistro", "date": tomorrow.isoformat()})
        with CaptureQueriesContext(connection) as queries:
            region.render()
        return len(queries)

    book("17:00")
    for_one = asked()
    for _ in range(4):
        book("19:00")
    assert asked() == for_one


def test_minutes_count_by_themselves(host, book, tomorrow, time_machine):
    """A region says when time alone changes it: each minute of its own day, and when a hold expires."""
    made = book("18:00")
    region = find("reservations/", {"restaurant": "bistro", "date": tomorrow.isoformat()})
    for late, words in [(7, "7 min"), (8, "8 min"), (20, "overdue")]:
        now = made.starts_at + timedelta(minutes=late, seconds=10)
        time_machine.move_to(now, tick=False)
        assert words in region.render().html
        assert region.stale_at(now) == made.starts_at + timedelta(minutes=late + 1)


def test_the_detail_of_a_status_stands_apart_from_its_word(book, tomorrow, time_machine):
    """A row is sent without its line breaks."""
    made = book("18:00")
    time_machine.move_to(made.starts_at + timedelta(minutes=7, seconds=10), tick=False)
    html = find("reservations/", {"restaurant": "bistro", "date": tomorrow.isoformat()}).render().html
    assert '>Late</span> <span class="detail">7 min<' in html


def test_another_days_book_changes_when_a_hold_expires(hold, tomorrow):
    held = hold("18:00")
    region = find("reservations/", {"restaurant": "bistro", "date": tomorrow.isoformat()})
    assert region.stale_at(timezone.now()) == held.expires_at


def test_a_guest_who_objects_to_a_no_show_is_marked(view, book, time_machine):
    made = book("18:00")
    time_machine.move_to(made.starts_at + timedelta(minutes=30))
    made.no_show()
    assert "the guest objects" not in view()
    made.contest_no_show("I was there at six")
    assert "the guest objects" in view()


def test_who_works_at_a_restaurant_comes_to_its_book_by_signing_in(client, dora, bistro, charlie):
    for user, address in [(dora, BOOK), (charlie, "/")]:
        user.set_password("a-long-enough-password")
        user.save()
        client.logout()
        answer = client.post("/accounts/login/", {"login": user.email, "password": "a-long-enough-password"})
        assert answer.url == address
    assert f'href="{BOOK}"' not in client.get("/").text
    client.force_login(dora)
    assert f'href="{BOOK}"' in client.get("/").text
