"""The queue counts parties that are at the door: a code from the card, a confirmed mail address, or whatever the host says."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from bookings.restaurants.hosts.regions.door import DoorCard
from bookings.restaurants.models import Presence, QueueEntry, Reservation, forecast
from bookings.restaurants.models.presence import door_code, is_door_code
from bookings.restaurants.models.queue import CONFIRM_WITHIN
from post.models import Message

pytestmark = pytest.mark.django_db

QUEUE = "/restaurants/bistro/queue/"


@pytest.fixture(autouse=True)
def evening(bistro, slot, time_machine, settings):
    """It is 18:00 at the bistro, where dinner is served. No bound but those that a test names is in the way."""
    time_machine.move_to(slot("18:00") * 900)
    settings.POSTS_PER_ADDRESS = settings.DOOR_CODES_PER_ADDRESS = 10**6


@pytest.fixture
def asks_for(bistro):
    """``asks_for(Presence.MAIL)``: what the manager chose."""

    def choose(sign):
        bistro.presence = sign
        bistro.save()

    return choose


def join(browser=None, address="127.0.0.1", **fields):
    fields = {"party": 2, "name": "Cal", "key": uuid4(), **fields}
    return (browser or Client()).post(QUEUE, fields, REMOTE_ADDR=address)


def waits(bistro):
    return forecast.quote(bistro, 2)


# A code


def test_the_code_of_the_card_lets_one_in(bistro):
    code = door_code(bistro)
    for typed in (code, code.lower(), f" {code[:2]} {code[2:]} ", f"{code[:2]}-{code[2:]}"):
        assert join(code=typed).status_code == 303
    assert QueueEntry.objects.count() == 4


@pytest.mark.parametrize("typed", ["", "AAAAA", "22222", "x" * 20, "0", "𝟚𝟚𝟚𝟚𝟚"])
def test_a_wrong_code_is_told_beside_the_field(bistro, typed):
    answer = join(code=typed)
    assert answer.status_code == 422
    assert re.search(r'name="code"[^>]*aria-invalid="true"', answer.text) and 'id="queue-code_error"' in answer.text
    assert not QueueEntry.objects.exists()


def test_25_parties_without_a_code_change_no_wait(bistro, tables):
    Reservation.objects.walk_in(bistro, 2, tables("W1"))
    before = waits(bistro)
    assert {join(code="WRONG", name=f"Party {number}").status_code for number in range(25)} == {422}
    assert waits(bistro) == before


def test_without_the_code_25_parties_would_make_it_long(bistro, tables, monkeypatch):
    Reservation.objects.walk_in(bistro, 2, tables("W1"))
    before = waits(bistro)
    monkeypatch.setattr("bookings.restaurants.models.queue.is_door_code", lambda *_: True)
    assert {join(code="WRONG", name=f"Party {number}").status_code for number in range(25)} == {303}
    assert waits(bistro) > before + 180


def test_the_code_is_another_one_each_day_and_at_each_restaurant(bistro, diner, time_machine):
    today = door_code(bistro)
    assert door_code(diner) != today and re.fullmatch("[2-9A-HJKMNP-TV-Z]{5}", today)
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert door_code(bistro) != today
    assert join(code=today).status_code == 422, "yesterday's card is worth nothing"


def test_a_card_is_taken_for_an_hour_after_its_day(bistro, slot, time_machine, tomorrow):
    """The day of a restaurant ends with its last service, or at midnight."""
    code = door_code(bistro)
    later = tomorrow + timedelta(days=1)
    time_machine.move_to(slot("00:30", later) * 900)
    assert door_code(bistro) != code and is_door_code(bistro, code)
    time_machine.move_to(slot("01:15", later) * 900)
    assert not is_door_code(bistro, code)


def test_a_service_past_midnight_keeps_its_card(bistro, slot, time_machine, tomorrow):
    bistro.services.update(last="01:00", ends="03:00")
    code = door_code(bistro)
    time_machine.move_to(slot("02:30", tomorrow + timedelta(days=1)) * 900)
    assert door_code(bistro) == code


def test_guesses_are_limited(bistro, settings):
    settings.DOOR_CODES_PER_ADDRESS = 5
    there = "203.0.113.99"
    answers = [join(code="AAAAA", address=there).status_code for _ in range(7)]
    assert answers == [422] * 5 + [429] * 2
    assert join(code=door_code(bistro), address=there).status_code == 429, (
        "a right guess after too many wrong ones is still a guess"
    )
    assert not QueueEntry.objects.exists()


def test_the_link_of_the_qr_code_fills_in_the_code(client, bistro):
    assert f'value="{door_code(bistro)}"' in client.get(f"{QUEUE}?code={door_code(bistro)}").text


def test_hosts_see_the_code_and_the_card_and_nobody_else_does(host, bistro, erik, tomorrow):
    code = door_code(bistro)
    assert code in host.get(f"/live/reservations/queue/?restaurant=bistro&date={tomorrow}").text
    card = host.get("/restaurants/bistro/book/card/").text
    assert code in card and "<svg" in card and "style=" not in re.search("<svg.*</svg>", card)[0]
    assert code in host.get("/live/door-card/bistro/").text
    other = Client()
    assert other.get("/restaurants/bistro/book/card/").status_code == 302
    other.force_login(erik)
    for address in ("/restaurants/bistro/book/card/", "/live/door-card/bistro/", "/live/door-card/nowhere/"):
        assert other.get(address).status_code == 404
    assert code not in Client().get(QUEUE).text


def test_the_card_says_the_new_code_by_itself(bistro, tomorrow, slot, time_machine):
    region = DoorCard(slug="bistro")
    before = region.render().html
    time_machine.move_to(slot("00:00", tomorrow + timedelta(days=1)) * 900)
    assert region.stale_at(timezone.now()) <= timezone.now() + timedelta(minutes=1)
    after = region.render().html
    assert door_code(bistro) in after and before != after


def test_hosts_add_anybody_without_a_code(host, bistro):
    fields = {"key": uuid4(), "party": 2, "name": "Linus", "phone": "", "notes": "", "quoted": ""}
    assert host.post("/restaurants/bistro/book/queue/", fields).status_code == 303
    assert QueueEntry.objects.waiting().get().name == "Linus"


# A mail address


def test_a_party_counts_once_the_link_in_its_mail_was_used(bistro, asks_for, tables):
    asks_for(Presence.MAIL)
    browser = Client()
    address = join(browser, email="cal@example.org").url
    assert "Not in the queue yet" in browser.get(address).text
    assert not QueueEntry.objects.waiting().exists()
    letter = Message.objects.get()
    assert letter.to == "cal@example.org" and "Cal" not in letter.body, "a stranger's words are not mailed"
    (link,) = re.findall(r"https?://[^/]+(/restaurants/in-queue/[^\s]+)", letter.body)
    phone = Client()
    assert "Are you at the door?" in phone.get(link).text
    assert not QueueEntry.objects.waiting().exists(), "programs that read mail open links"
    assert phone.post(link).url == address
    assert QueueEntry.objects.waiting().get().name == "Cal"
    assert "You are next." in browser.get(address).text
    assert phone.post(link).status_code == phone.get(link).status_code == 303, "once more, it is the same place"


def test_the_page_of_who_asked_does_not_open_the_link(bistro, asks_for):
    asks_for(Presence.MAIL)
    address = join(email="victim@example.org").url
    token = address.rstrip("/").rpartition("/")[2]
    assert Client().post(f"/restaurants/in-queue/{token}/").status_code == 404


def test_25_parties_that_are_not_confirmed_change_no_wait(bistro, asks_for, tables):
    asks_for(Presence.MAIL)
    Reservation.objects.walk_in(bistro, 2, tables("W1"))
    before = waits(bistro)
    assert {join(email=f"party{number}@example.org").status_code for number in range(25)} == {303}
    assert waits(bistro) == before
    assert "Nobody is waiting" in Client().get(QUEUE).text


def test_a_link_that_is_late_says_so(bistro, asks_for, time_machine):
    asks_for(Presence.MAIL)
    join(email="cal@example.org")
    entry = QueueEntry.objects.get()
    (link,) = re.findall(r"(/restaurants/in-queue/[^\s]+)", Message.objects.get().body)
    time_machine.move_to(timezone.now() + CONFIRM_WITHIN + timedelta(seconds=1))
    answer = Client().post(link)
    assert answer.status_code == 422 and "This link has expired." in answer.text
    entry.refresh_from_db()
    assert entry.state == QueueEntry.State.UNCONFIRMED
    QueueEntry.objects.prune(timezone.now())
    assert QueueEntry.objects.exists()
    QueueEntry.objects.prune(timezone.now() + CONFIRM_WITHIN)
    assert not QueueEntry.objects.exists()


def test_one_address_is_in_the_queue_once(bistro, asks_for):
    asks_for(Presence.MAIL)
    for _ in range(2):
        join(email="cal@example.org")
    links = [re.search(r"(/restaurants/in-queue/[^\s]+)", message.body)[1] for message in Message.objects.all()]
    answers = [Client().post(link) for link in links]
    assert [answer.status_code for answer in answers] == [303, 422]
    assert "in the queue already" in answers[1].text
    assert QueueEntry.objects.waiting().count() == 1


def test_without_an_address_it_is_said_beside_the_field(bistro, asks_for):
    asks_for(Presence.MAIL)
    answer = join()
    assert answer.status_code == 422 and 'id="queue-email_error"' in answer.text


# Nothing


def test_where_the_manager_asks_for_nothing_anybody_joins(bistro, asks_for, client):
    asks_for(Presence.NONE)
    page = client.get(QUEUE).text
    assert "Code from the card" not in page and 'name="email"' not in page
    assert join().status_code == 303


# Bounds


def test_an_address_has_so_many_parties_in_a_queue(bistro, settings):
    settings.QUEUE_PER_ADDRESS = 3
    answers = [join(code=door_code(bistro)) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [303] * 3 + [429] * 2
    assert "Please ask the host" in answers[-1].text
    QueueEntry.objects.first().leave()
    assert join(code=door_code(bistro)).status_code == 303, "who has left counts no more"


def test_a_browser_has_one_place_in_a_queue(bistro):
    browser = Client()
    first = join(browser, code=door_code(bistro)).url
    assert join(browser, code=door_code(bistro), name="Cal again").url == first
    assert QueueEntry.objects.count() == 1
    browser.post(f"{first}leave/")
    assert join(browser, code=door_code(bistro)).url != first


def test_the_manager_chooses(client, bistro, dora):
    dora.is_staff = True
    dora.save()
    client.force_login(dora)
    page = client.get(f"/admin/restaurants/restaurant/{bistro.pk}/change/").text
    assert [f'value="{sign}"' in page for sign in Presence.values] == [True] * 3
