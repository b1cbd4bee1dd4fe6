"""Held, booked, changed, handed on, cancelled: by a guest, through the pages' own forms."""

import re
from datetime import timedelta
from uuid import uuid4

import icalendar
import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from bookings.restaurants.guests.links import FEED
from bookings.restaurants.models import Reservation, State
from bookings.restaurants.models.availability import Availability
from clocks import day_words
from post.models import Message

GUEST = {"name": "Ada Lovelace", "email": "ada@example.org"}


@pytest.fixture
def choose(client, bistro, slot):
    """``choose("18:30")``: the answer to pressing that time's button, on one page as long as ``key`` is the same."""

    def press(clock, party=2, key=None, browser=client, **fields):
        fields = {"slot": slot(clock), "party": party, "area": "", "key": key or uuid4(), **fields}
        return browser.post("/restaurants/bistro/hold/", fields)

    return press


@pytest.fixture
def booked(book):
    return book("18:30", 2)


def post(client, reservation, verb, **fields):
    return client.post(f"{reservation.get_absolute_url()}{verb}/", fields)


def one():
    return Reservation.objects.get()


# Hold


def test_a_time_is_held_and_booked_and_mail_tells_the_link(client, choose):
    answer = choose("18:30")
    assert answer.status_code == 303 and answer.url.startswith("/restaurants/held/")
    page = client.get(answer.url).text
    assert "Bistro" in page and "18:30" in page and "data-until=" in page
    done = client.post(answer.url, {**GUEST, "phone": "555", "allergies": "nuts", "notes": "by the window"})
    assert done.status_code == 303
    reservation = one()
    assert reservation.state == State.BOOKED and reservation.allergies == "nuts"
    assert done.url == reservation.get_absolute_url()
    page = client.get(done.url).text
    assert reservation.reference in page and "New York time" in page
    letter = Message.objects.get()
    assert letter.to == "ada@example.org" and reservation.get_absolute_url() in letter.body
    assert reservation.reference in letter.body and letter.attachment_name == f"{reservation.reference}.ics"
    assert letter.about == reservation


def test_pressed_twice_on_one_page_it_is_one_hold(choose):
    key = uuid4()
    assert choose("18:30", key=key).url == choose("18:30", key=key).url
    assert Reservation.objects.count() == 1


def test_another_time_on_the_same_page_frees_the_former(choose):
    key = uuid4()
    choose("18:30", key=key)
    choose("19:30", key=key)
    held = Reservation.objects.taking()
    assert [reservation.clock(reservation.starts_at) for reservation in held] == ["19:30"]


def test_ones_own_hold_is_in_nobodys_way_but_others(client, choose, bistro):
    """Eight can sit here once: 18:30 in place of 18:00 is possible for who holds 18:00, and for nobody else."""
    held = choose("18:00", party=8).url
    assert choose("18:00", party=8).url == held, "from another page, the same hold"
    assert choose("18:30", party=8, browser=Client()).status_code == 409
    moved = choose("18:30", party=8)
    assert moved.status_code == 303 and moved.url != held
    assert [r.clock(r.starts_at) for r in Reservation.objects.taking()] == ["18:30"]
    assert moved.url in client.get("/restaurants/bistro/").text, "and the way back to it is shown"


def test_a_hold_stays_when_the_time_chosen_instead_is_gone(client, choose, book):
    held = choose("17:00", party=4).url
    for _ in range(2):
        book("20:00", 4)
    assert choose("20:00", party=4).status_code == 409
    assert client.get(held).status_code == 200
    assert Reservation.objects.get(state=State.HELD).slots.count() == 8


def test_given_back_it_is_free_and_can_be_had_again_from_the_same_page(client, choose):
    key = uuid4()
    address = choose("18:30", key=key).url
    answer = client.post(address + "give-back/")
    assert answer.url.startswith("/restaurants/bistro/?party=2&date=")
    assert not Reservation.objects.taking().exists()
    assert client.get(address).status_code == 303, "no form for what is nobody's"
    again = choose("18:30", key=key).url
    assert again != address and client.get(again).status_code == 200


def test_booked_twice_there_is_one_booking_and_the_same_answer(client, choose):
    address = choose("18:30").url
    first, second = client.post(address, GUEST), client.post(address, {**GUEST, "name": "Somebody Else"})
    assert first.url == second.url
    assert one().name == "Ada Lovelace"
    assert client.get(address).url == first.url


@pytest.mark.parametrize("missing", ["name", "email"])
def test_what_is_missing_is_told_beside_its_field(client, choose, missing):
    answer = client.post(choose("18:30").url, {**GUEST, missing: "", "notes": "by the window"})
    assert answer.status_code == 422
    assert f'id="id_{missing}_error"' in answer.text and "by the window" in answer.text
    assert one().state == State.HELD


@pytest.mark.parametrize("fields", [{"name": "x" * 81}, {"email": "x" * 300 + "@example.org"}, {"notes": "\0"}])
def test_more_than_fits_is_told_and_not_cut(client, choose, fields):
    assert client.post(choose("18:30").url, {**GUEST, **fields}).status_code == 422
    assert one().state == State.HELD


def test_who_has_an_account_need_not_write_who_they_are(client, choose, alice):
    client.force_login(alice)
    address = choose("18:30").url
    assert "alice@example.org" in client.get(address).text
    client.post(address, {"name": "Alice", "email": "alice@example.org"})
    assert "Bistro" in client.get("/restaurants/mine/").text


def test_mine_are_nobody_elses(client, booked, alice):
    assert client.get("/restaurants/mine/").url.startswith("/accounts/login/")
    client.force_login(alice)
    assert "No table is booked" in client.get("/restaurants/mine/").text


def test_a_table_in_the_part_of_the_house_that_one_asked_for(client, bistro, choose, tomorrow):
    terrace = bistro.areas.create(name="Terrace", order=1)
    terrace.tables.create(name="A1", max_covers=4)
    page = client.get("/restaurants/bistro/", {"party": 2, "date": tomorrow.isoformat(), "area": terrace.pk}).text
    assert f'name="area" value="{terrace.pk}"' in page
    choose("18:30", area=terrace.pk)
    assert [table.name for table in one().tables.all()] == ["A1"]
    assert choose("18:30", area=terrace.pk, browser=Client()).status_code == 409, "the terrace has no other"


# Too late, and what can't be


def test_after_the_countdown_it_can_still_be_booked_while_nobody_took_it(client, choose, time_machine):
    address = choose("18:30").url
    time_machine.move_to(timezone.now() + timedelta(minutes=8))
    assert "over, and others can take" in client.get(address).text
    assert client.post(address, GUEST).url == one().get_absolute_url()


def test_taken_meanwhile_the_guest_is_told_so_and_nothing_typed_is_lost(client, choose, bistro, slot, time_machine):
    address = choose("18:30", party=8).url
    time_machine.move_to(timezone.now() + timedelta(minutes=8))
    other = Reservation.objects.hold(bistro, slot("18:30"), 8, uuid4())
    answer = client.post(address, {**GUEST, "notes": "by the window"})
    assert answer.status_code == 410
    assert "That time has just gone" in answer.text and "nearest" in answer.text
    assert client.get(address).status_code == 410
    other.refresh_from_db()
    assert other.state == State.HELD, "whose it is now has not lost it"
    near = re.search(r'name="slot" value="(\d+)"', answer.text)[1]
    again = client.post("/restaurants/bistro/hold/", {"slot": near, "party": 8, "key": uuid4()})
    page = client.get(again.url).text
    assert "Ada Lovelace" in page and "by the window" in page


def test_a_full_time_names_nobody_and_offers_the_nearest(choose, book):
    book("19:00", 8, name="Grace Hopper")
    answer = choose("19:00", party=8)
    assert answer.status_code == 409
    assert "That time has just gone." in answer.text and "Grace" not in answer.text
    assert "<time>17:00</time>" in answer.text


def test_the_nearest_of_another_day_says_which(choose, book, bistro, slot, tomorrow):
    for time in Availability(bistro, tomorrow).times(tomorrow, 8):
        if Availability(bistro, tomorrow).find(time.slot, 8).is_free:
            book(date_format(time.at.astimezone(bistro.tz), "H:i"), 8)
    answer = choose("19:00", party=8)
    assert answer.status_code == 409
    day = day_words(tomorrow + timedelta(days=1))
    assert re.search(rf'<span class="sub">{day}</span>\s*<time>17:00</time>', answer.text)


@pytest.mark.parametrize(
    "fields",
    [
        {"slot": "1"},
        {"slot": "-1"},
        {"slot": "99999999999999999999"},
        {"slot": "x"},
        {"slot": "2147483647"},
        {"party": "0"},
        {"party": "-1"},
        {"party": "101"},
        {"party": "9"},
        {"area": "x"},
        {"area": "99999"},
        {"key": "forged"},
    ],
)
def test_a_forged_choice_changes_nothing_and_is_told_so(choose, fields):
    answer = choose("18:30", **fields)
    assert answer.status_code in (409, 422)
    assert 'role="alert"' in answer.text or 'class="error"' in answer.text
    assert not Reservation.objects.exists()


def test_a_time_that_has_passed_or_is_too_near_is_not_taken(choose, slot, time_machine):
    time_machine.move_to(slot("18:20") * 900)
    assert choose("17:30").status_code == 422
    assert choose("18:30").status_code == 422
    assert not Reservation.objects.exists()


def test_a_slot_of_another_restaurant_is_none_here(client, choose, diner, slot):
    answer = client.post("/restaurants/bistro/hold/", {"slot": slot("08:00"), "party": 2, "key": uuid4()})
    assert answer.status_code == 422
    assert not Reservation.objects.exists()


def test_an_old_hold_can_not_be_booked_for_a_time_that_has_passed(client, choose, slot, time_machine):
    address = choose("18:30").url
    time_machine.move_to(slot("19:00") * 900)
    assert client.post(address, GUEST).status_code == 422
    assert one().state == State.HELD


def test_altered_links_open_nothing(client, booked):
    token = booked.token
    for address in (f"/restaurants/booked/{token}x/", "/restaurants/booked/1/", f"/restaurants/held/{token[1:]}/"):
        assert client.get(address).status_code == 404
    assert client.get(f"/live/reservation/{token}x/").status_code == 404
    assert client.post(f"/restaurants/booked/{token}x/cancel/").status_code == 404
    assert client.get(f"/restaurants/waiting/{token}/").status_code == 404, "a link of another kind"


def test_verbs_are_posts(client, booked):
    for verb in ("cancel", "transfer", "contest-no-show"):
        assert client.get(f"{booked.get_absolute_url()}{verb}/").status_code == 405


def test_one_address_may_ask_only_so_often(choose, settings):
    from django.core.cache import cache

    cache.clear()
    settings.POSTS_PER_ADDRESS = 3
    assert [choose("18:30").status_code for _ in range(4)] == [303, 303, 303, 429]
    cache.clear()


# One's own page


def test_change_to_a_free_time_and_its_own_tables_count_as_free(client, book):
    reservation = book("18:30", 8)
    address = f"{reservation.get_absolute_url()}change/"
    later = reservation.first + 2
    assert f'value="{later}"' in client.get(address).text
    answer = client.post(address, {"slot": later, "party": 7})
    assert answer.url == reservation.get_absolute_url()
    reservation.refresh_from_db()
    assert (reservation.first, reservation.party, reservation.sequence) == (later, 7, 1)
    assert "19:00" in client.get(answer.url).text


def test_change_to_a_time_that_has_gone_leaves_all_as_it_was(client, book, slot):
    reservation = book("17:00", 8)
    book("19:00", 8)
    answer = client.post(f"{reservation.get_absolute_url()}change/", {"slot": slot("19:00"), "party": 8})
    assert answer.status_code == 409 and "That time has just gone." in answer.text
    reservation.refresh_from_db()
    assert reservation.first == slot("17:00") and reservation.slots.count() == 16


@pytest.mark.parametrize("fields", [{"slot": "1", "party": 2}, {"slot": "x", "party": 2}, {"party": 50}, {"party": 0}])
def test_a_change_that_cannot_be(client, booked, fields):
    answer = client.post(f"{booked.get_absolute_url()}change/", {"slot": booked.first, **fields})
    assert answer.status_code == 422
    booked.refresh_from_db()
    assert booked.party == 2 and booked.sequence == 0


def test_cancel(client, booked):
    assert post(client, booked, "cancel").url == booked.get_absolute_url()
    booked.refresh_from_db()
    assert booked.state == State.CANCELLED and not booked.slots.exists()
    assert "Cancelled" in client.get(booked.get_absolute_url()).text
    assert "Cancelled: your table" in Message.objects.last().subject
    assert post(client, booked, "cancel").status_code == 303, "done already"


def test_after_the_window_one_is_told_to_call(client, bistro, booked, time_machine):
    bistro.phone = "+1 555 0100"
    bistro.save()
    time_machine.move_to(booked.cancel_until + timedelta(minutes=1))
    for verb in ("cancel", "change"):
        answer = post(client, booked, verb, slot=booked.first, party=2)
        assert answer.status_code == 422 and "+1 555 0100" in answer.text
    booked.refresh_from_db()
    assert booked.state == State.BOOKED
    assert "is-changeable" not in client.get(booked.get_absolute_url()).text


def test_the_policy_is_the_one_that_was_agreed_to(client, bistro, book):
    bistro.policy = "No charge."
    bistro.save()
    reservation = book("18:30")
    bistro.policy, bistro.cancel_before = "A fee of 50.", 10000
    bistro.save()
    page = client.get(reservation.get_absolute_url()).text
    assert "No charge." in page and "A fee of 50." not in page and "is-changeable" in page


def test_handed_on_the_old_link_is_dead_and_the_new_one_is_mailed(client, booked):
    old = booked.get_absolute_url()
    answer = post(client, booked, "transfer", name="Grace Hopper", email="grace@example.org")
    assert answer.status_code == 303
    booked.refresh_from_db()
    assert booked.name == "Grace Hopper"
    for address in (old, old + "calendar.ics", f"/live/reservation/{old.split('/')[-2]}/"):
        assert client.get(address).status_code == 404
    assert booked.get_absolute_url() in Message.objects.get(to="grace@example.org").body
    assert client.get(booked.get_absolute_url()).status_code == 200


def test_a_no_show_can_be_disputed_for_the_house_to_see(client, booked, time_machine):
    assert post(client, booked, "contest-no-show", objection="I was there").status_code == 422, "nobody said otherwise"
    time_machine.move_to(booked.starts_at + timedelta(minutes=30))
    booked.no_show()
    assert "Were you there?" in client.get(booked.get_absolute_url()).text
    post(client, booked, "contest-no-show", objection="I was there, ask Dora")
    booked.refresh_from_db()
    assert booked.state == State.NO_SHOW and booked.objection == "I was there, ask Dora"
    assert booked.changes.filter(verb="contest_no_show", after="I was there, ask Dora").exists()


def test_what_somebody_writes_is_text_and_nothing_else(client, book):
    reservation = book("18:30", name="<script>alert(1)</script>", notes="{{ 7|add:7 }}")
    page = client.get(reservation.get_absolute_url()).text
    assert "<script>alert" not in page and "&lt;script&gt;" in page and "{{ 7|add:7 }}" in page


# The calendar


def calendar_of(client, reservation):
    answer = client.get(f"{reservation.get_absolute_url()}calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    return icalendar.Calendar.from_ical(answer.content)


def test_the_calendar_file_follows_the_booking(client, book):
    reservation = book("18:30", 2)
    first = calendar_of(client, reservation)
    (entry,) = first.events
    assert first["METHOD"] == "PUBLISH" and entry["SEQUENCE"] == 0
    assert entry["DTSTART"].params["TZID"] == "America/New_York" and entry.start.strftime("%H:%M") == "18:30"
    assert [zone["TZID"] for zone in first.walk("VTIMEZONE")] == ["America/New_York"]
    client.post(f"{reservation.get_absolute_url()}change/", {"slot": reservation.first + 4, "party": 2})
    (changed,) = calendar_of(client, reservation).events
    assert changed["UID"] == entry["UID"] and changed["SEQUENCE"] == 1 and changed.start.strftime("%H:%M") == "19:30"
    post(client, reservation, "cancel")
    last = calendar_of(client, reservation)
    assert last["METHOD"] == "CANCEL" and last.events[0]["UID"] == entry["UID"] and last.events[0]["SEQUENCE"] == 2
    assert last.events[0]["STATUS"] == "CANCELLED"


def test_a_calendar_follows_all_bookings_of_an_account(client, hold, alice, bob):
    first, second = (hold(clock, user=alice) for clock in ("18:00", "19:00"))
    for held, name in ((first, "Alice"), (second, "Alice"), (hold("20:00", user=bob), "Bob")):
        held.confirm(name, "a@example.org", user=held.user)
    hold("20:30", user=alice).release()  # a hold that was given back
    client.force_login(alice)
    page = client.get("/restaurants/mine/").text
    (address,) = re.findall(r'href="webcal://testserver(/[^"]+)"', page)
    assert f'href="http://testserver{address}"' in page
    client.logout()

    def entries():
        answer = client.get(address)
        assert answer["Content-Type"].startswith("text/calendar") and "no-store" in answer["Cache-Control"]
        calendar = icalendar.Calendar.from_ical(answer.content)
        assert calendar["METHOD"] == "PUBLISH" and "REFRESH-INTERVAL" in calendar
        return {entry.start.strftime("%H:%M"): entry["STATUS"] for entry in calendar.events}

    assert entries() == {"18:00": "CONFIRMED", "19:00": "CONFIRMED"}
    second.cancel()
    assert entries() == {"18:00": "CONFIRMED", "19:00": "CANCELLED"}
    alice.set_password("another")
    alice.save()
    assert client.get(address).status_code == 404, "another password makes another address"


@pytest.mark.parametrize("token", ["", "nonsense", "other:purpose"])
def test_a_calendar_is_nobody_elses(client, book, alice, token):
    address = f"/restaurants/mine/{token or book('18:00').token}/calendar.ics"
    assert client.get(address).status_code == 404


def test_a_calendar_without_bookings_is_one_all_the_same(client, alice):
    answer = client.get(f"/restaurants/mine/{alice.token_for(FEED)}/calendar.ics")
    assert icalendar.Calendar.from_ical(answer.content).events == []
    alice.is_active = False
    alice.save()
    assert client.get(f"/restaurants/mine/{alice.token_for(FEED)}/calendar.ics").status_code == 404


def test_a_guest_is_written_in_the_language_they_booked_in(hold, dora):
    with translation.override("de"):
        held = hold("18:00")
        held.confirm("Ada Lovelace", "ada@example.org")
    held.cancel(by=dora)
    booked, cancelled = Message.objects.order_by("pk")
    assert booked.subject.startswith("Ihr Tisch bei Bistro")
    assert cancelled.subject.startswith("Storniert: ")
