"""The pages at the doors: what they answer, who may see them, what is pushed, and what a device keeps."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.utils import timezone

from accounts.landings import landing_of
from bookings.events.door.listing import digest, key_of, listing, milliseconds
from bookings.events.models import CheckInList, Event, Hall, Reason, Scan, Ticket
from bookings.events.models.scanning import Press, Queued
from limits import forget
from live.regions import find
from tests.html import one_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_the_door(client, dora):
    client.force_login(dora)
    session = client.session
    session["event_door"] = "North"
    session.save()
    return client


def send(client, at, text, htmx=True, **fields):
    headers = {"HX-Request": "true"} if htmx else {}
    fields = {"text": text, "way": "entry", "door": "North", "key": uuid4(), **fields}
    return client.post(f"/events/{at.event.slug}/door/{at.pk}/scan/", fields, headers=headers)


def test_the_answer_says_at_once_who_is_in_and_a_second_one_when_and_where(
    at_the_door, door_list, tickets, orla, client
):
    [ticket] = tickets()
    answer = send(at_the_door, door_list, ticket.secret)
    page = one_line(answer.content.decode())
    assert answer.status_code == 200 and "<html" not in page and answer["Airside-Time"].isdigit()
    assert page.index(">In<") < page.index("Ada") < page.index("Adult")
    client.force_login(orla)
    again = send(client, door_list, ticket.secret, door="South")
    text = one_line(again.content.decode())
    entry = Scan.objects.get(let_in=True)
    assert again.status_code == 409 and "Already in" in text and "Let in at door North at" in text and "by Dora" in text
    assert f"{entry.scanned_at.astimezone(door_list.event.tz):%H:%M}" in text


def test_the_same_key_is_answered_alike(at_the_door, door_list, tickets):
    [ticket] = tickets()
    key = uuid4()
    first, second = (send(at_the_door, door_list, ticket.secret, key=key) for _time in range(2))
    assert first.content == second.content and first.status_code == 200
    other = send(at_the_door, door_list, "NOBODYSTICKETNOBODYSTICKET", key=key)
    assert other.status_code == 422 and Scan.objects.count() == 1


@pytest.mark.parametrize("way", ["link", "lower"])
def test_an_address_with_the_code_and_small_letters_are_read(at_the_door, door_list, tickets, way):
    [ticket] = tickets()
    text = f"https://site.example/events/ticket/{ticket.secret}/" if way == "link" else f" {ticket.secret.lower()}\n"
    assert send(at_the_door, door_list, text).status_code == 200


def test_a_reference_of_several_asks_who_it_is(at_the_door, door_list, tickets):
    ada, bea = tickets(2)
    Ticket.objects.filter(pk=bea.pk).update(name="Bea")
    page = send(at_the_door, door_list, ada.registration.reference).content.decode()
    assert "Who is it?" in page and "Ada" in page and "Bea" in page and ada.secret not in page
    url = f"/events/concert/door/{door_list.pk}/ticket/{bea.pk}/"
    fields = {"way": "entry", "door": "North", "key": uuid4()}
    assert at_the_door.post(url, fields, headers={"HX-Request": "true"}).status_code == 200
    assert list(Ticket.objects.filter(is_inside=True)) == [bea]


def test_without_scripts_the_answer_is_the_page(at_the_door, door_list, tickets):
    [ticket] = tickets()
    answer = send(at_the_door, door_list, ticket.secret, htmx=False)
    page = answer.content.decode()
    assert answer.status_code == 200 and "<html" in page and "is-in" in page and 'value="entry"' in page


@pytest.mark.parametrize("text", ["", "x" * 400, "<script>alert(1)</script>", "0" * 26])
def test_nonsense_is_answered_and_not_shown(at_the_door, door_list, text):
    answer = send(at_the_door, door_list, text)
    page = answer.content.decode()
    assert answer.status_code == 422 and "<script>alert" not in page and "is-stop" in page


def test_the_reason_helps_who_stands_there(at_the_door, door_list, make_event, register, time_machine):
    elsewhere = make_event(slug="talks", title="Talk about jets")
    [ticket] = register(1, event=elsewhere).tickets.all()
    assert "Talk about jets" in send(at_the_door, door_list, ticket.secret).content.decode()
    CheckInList.objects.update(opens_at=timezone.now() + timedelta(minutes=5))
    [here] = register(1, email="b@example.org").tickets.all()
    page = send(at_the_door, door_list, here.secret).content.decode()
    assert "Not at this time" in page and "This list is open from" in page


# Who may


def addresses(list_):
    door = f"/events/{list_.event.slug}/door/"
    return [door, f"{door}{list_.pk}/", f"{door}{list_.pk}/tickets/", "/events/doors/"]


def test_strangers_and_other_staff_have_no_door(client, door_list, charlie, bob, alice):
    for address in addresses(door_list):
        assert client.get(address).status_code == 302
    for user in (charlie, bob, alice):
        client.force_login(user)
        for address in addresses(door_list):
            assert client.get(address).status_code == 404, address
        assert send(client, door_list, "x").status_code == 404
        assert client.post(f"/events/concert/door/{door_list.pk}/queued/", {}).status_code == 404


def test_staff_of_a_door_can_check_in_and_nothing_else(at_the_door, dora, door_list, tickets):
    """Luma's rule: 404 for all else that staff have."""
    tickets()
    for address in addresses(door_list):
        assert at_the_door.get(address).status_code == 200, address
    door = "/events/concert/door/"
    staff = [
        "manage/",
        "guests/",
        "ledger/",
        "places/",
        "vouchers/",
        "moderation/",
        "programme/edit/",
        "door/conflicts/",
    ]
    for name in staff:
        assert at_the_door.get(f"/events/concert/{name}").status_code in (404, 405), name
    assert at_the_door.post(f"{door}conflicts/seen/", {"all": "yes"}).status_code == 404
    assert at_the_door.post(f"{door}empty/").status_code == 404
    assert at_the_door.get("/admin/").status_code == 302
    assert not find("events/concert/door/conflicts/", {}).allows(dora)


def test_a_list_of_another_event_is_not_at_this_door(at_the_door, door_list, make_event):
    other = CheckInList.objects.create(event=make_event(slug="other"), name="All")
    assert at_the_door.get(f"/events/concert/door/{other.pk}/").status_code == 404


def test_staff_of_doors_land_there(dora, orla, event, make_event):
    assert landing_of(dora) == "/events/concert/door/"
    make_event(slug="second")
    assert landing_of(dora) == "/events/doors/"
    Event.objects.update(starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1))
    assert landing_of(dora) is None


def test_choosing_a_door(client, orla, event):
    client.force_login(orla)
    assert client.post("/events/concert/door/", {"door": ""}).status_code == 422
    answer = client.post("/events/concert/door/", {"door": "North"})
    made = CheckInList.objects.get()
    assert (answer.status_code, answer.url) == (303, f"/events/concert/door/{made.pk}/")
    page = client.get(answer.url)
    assert page.status_code == 200 and page["Airside-Door"] and "North" in page.content.decode()
    client.logout()
    client.force_login(orla)
    assert client.get(answer.url).url == "/events/concert/door/"  # where do you stand?


def test_too_many_scans_wait(at_the_door, door_list, dora, settings):
    settings.DOOR_SCANS_A_MINUTE = 1
    forget("door", dora.pk)
    assert send(at_the_door, door_list, "x").status_code == 422
    answer = send(at_the_door, door_list, "x")
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0


# Totals


def totals(slug="concert"):
    return one_line(find(f"events/{slug}/door/", {}).render().html)


def test_totals_count_people_and_not_scans(door_list, tickets, scan):
    ada, bea, cy = tickets(3)
    for way in ("entry", "exit", "entry"):
        scan(ada, "North", way)
    scan(bea, "South")
    scan(cy, "South", "exit")  # who was not inside
    region = find("events/concert/door/", {})
    context = region.context()
    assert (context["inside"], context["admitted"], context["expected"]) == (2, 2, 3)
    assert [(row.door, row.entries, row.exits) for row in region.rows()] == [("North", 2, 1), ("South", 1, 0)]
    assert context["all_doors"] == {"entries": 3, "exits": 1}  # it adds up: 2 are inside
    assert [(row.name, row.admitted, row.expected) for row in context["lists"]] == [("All tickets", 2, 3)]
    assert "Ada" not in totals()


def test_a_full_hall_is_said_at_the_doors_of_all_its_events(make_event, door_list, tickets, scan):
    Hall.objects.update(fire_limit=1)
    make_event(slug="second")
    assert "is full" not in totals("second")
    region = find("events/second/door/", {})
    scan(tickets()[0])
    assert f"hall-{door_list.event.hall_id}" in region.topics()
    assert "Concourse Hall is full: 1 of 1 inside" in totals("second")


def test_who_sees_the_totals(dora, orla, charlie, event):
    region = find("events/concert/door/", {})
    assert region.allows(dora) and region.allows(orla) and not region.allows(charlie)


# Without a network


def queued(client, list_, ticket, **fields):
    now = milliseconds(timezone.now())
    times = {"device_at": now, "sent_at": now}
    fields = {"text": ticket.secret, "way": "entry", "door": "North", "key": uuid4(), "let_in": "on", **times, **fields}
    return client.post(f"/events/concert/door/{list_.pk}/queued/", fields)


def test_each_queued_scan_is_acknowledged_by_its_key(at_the_door, door_list, tickets):
    """Report 21."""
    first, second = tickets(2)
    key = uuid4()
    answer = queued(at_the_door, door_list, first, key=key).json()
    assert "Sent: let in" in answer.pop("html")
    assert answer == {"state": "recorded", "key": str(key), "is_conflict": False}
    again = queued(at_the_door, door_list, first, key=key).json()
    assert "Sent: let in" in again.pop("html") and again == answer
    assert queued(at_the_door, door_list, second).json()["state"] == "recorded"
    bad = queued(at_the_door, door_list, second, way="sideways")
    assert bad.status_code == 422 and bad.json()["state"] == "refused"
    assert Ticket.objects.filter(is_inside=True).count() == 2 and Scan.objects.count() == 2


def test_a_queued_scan_is_answered_with_what_became_of_it(at_the_door, door_list, tickets, register, scan):
    """The answer is never "In": staff would let in the person who stands there by now."""
    ada, bea, cleo = tickets(3)

    def said(ticket, **fields):
        return one_line(queued(at_the_door, door_list, ticket, **fields).json()["html"])

    now = f"{timezone.now().astimezone(door_list.event.tz):%H}:"
    assert "is-sent" in said(ada) and "Sent: left" in said(ada, way="exit")
    turned_away = said(bea, let_in="", reason="already_redeemed")
    assert "Sent: not let in" in turned_away and f"Scanned at {now}" in turned_away
    scan(cleo, "South")
    twice = said(cleo)
    assert "is-already" in twice and "Already in" in twice and "Let in at door South at" in twice
    assert "without a network: organisers see it" in twice
    dan = register(1, email="dan@example.org").tickets.get()
    dan.registration.call_off("Double booking")
    cancelled = said(dan)
    assert "is-already" in cancelled and ">Cancelled<" in cancelled and ">Sent: let in<" not in cancelled
    assert "Not recorded" in said(bea, way="sideways")


def test_the_servers_clock_is_reckoned_from_the_devices(at_the_door, door_list, tickets):
    """Report 22: the device is 90 s fast, which it has known since it was connected last."""
    [ticket] = tickets()
    now, fast, minute = milliseconds(timezone.now()), 90_000, 60_000
    synced = {"sync_server": now - 30 * minute, "sync_device": now - 30 * minute + fast, "since_sync": 20 * minute}
    times = {"device_at": now - 10 * minute + fast, "sent_at": now + fast, **synced}
    assert queued(at_the_door, door_list, ticket, **times).status_code == 200
    scan = Scan.objects.get()
    assert milliseconds(scan.scanned_at) == now - 10 * minute and scan.offset_ms == -fast
    assert milliseconds(scan.device_at) == now - 10 * minute + fast and milliseconds(scan.received_at) >= now


def test_who_stood_at_the_door_is_known_when_somebody_else_sends_it(at_the_door, door_list, tickets, dora, oscar):
    first, second = tickets(2)
    token = at_the_door.get(f"/events/concert/door/{door_list.pk}/tickets/").json()["token"]
    at_the_door.force_login(oscar)
    queued(at_the_door, door_list, first, token=token)
    queued(at_the_door, door_list, second, token=signing.dumps({"user": dora.pk, "list": door_list.pk}, salt="forged"))
    assert [scan.by for scan in Scan.objects.order_by("pk")] == [dora, oscar]


def test_the_list_of_a_device_has_no_codes_and_no_names(at_the_door, door_list, tickets):
    [ticket] = tickets()
    answer = at_the_door.get(f"/events/concert/door/{door_list.pk}/tickets/")
    text = answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert ticket.secret not in text and "Ada" not in text and ticket.registration.reference not in text
    found = json.loads(text)["tickets"]
    assert found == {digest(key_of(door_list, at_the_door.session.session_key), ticket.secret): ["", ""]}


def test_lists_of_two_devices_have_nothing_in_common(door_list, tickets, dora):
    tickets()
    one, other = (listing(door_list, session, dora) for session in ("one", "other"))
    assert not set(one["tickets"]) & set(other["tickets"])


def test_the_list_says_of_each_ticket_what_the_server_says(register, door_list, make_event, scan, dora, event):
    """Report 19: offline and online give the same verdict for the same ticket and list."""
    made = {}
    for number, state in enumerate(["confirmed", "unpaid", "pending", "cancelled", "lapsed", "declined", "held"]):
        registration = register(1, email=f"{number}@example.org")
        made[state] = registration.tickets.get()
        type(registration).objects.filter(pk=registration.pk).update(state=state)
    made["inside"] = register(1, email="in@example.org").tickets.get()
    scan(made["inside"])
    key, found = key_of(door_list, "x"), listing(door_list, "x", dora)["tickets"]
    for state, ticket in made.items():
        reason, was = found[digest(key, ticket.secret)]
        assert (reason or (Reason.ALREADY_REDEEMED if was == "in" else "")) == scan(ticket).reason, state


def test_what_a_device_cannot_know_is_named_before_the_doors_open(at_the_door, door_list):
    """Report 23."""
    address = f"/events/concert/door/{door_list.pk}/"
    page = at_the_door.get(address).content.decode()
    assert "What other doors have done" in page and "How many people are inside" not in page
    Hall.objects.update(fire_limit=300)
    assert "the limit of 300 for Concourse Hall" in at_the_door.get(address).content.decode()


def test_the_worker_has_the_scope_of_one_events_doors(client):
    answer = client.get("/events/concert/door/worker.js")
    assert answer["Content-Type"] == "text/javascript" and "Service-Worker-Allowed" not in answer
    assert 'const MARK = "Airside-Door"' in answer.content.decode()


# Conflicts


def test_a_code_that_no_database_stores_marks_nothing_as_seen(client, orla, event):
    """PostgreSQL takes no NUL, and the page was a 500 there."""
    client.force_login(orla)
    for code in ("\0", "A\0B", "\u202e" * 5000):
        assert client.post("/events/concert/door/conflicts/seen/", {"code": code}).status_code == 303


def test_conflicts_name_all_scans_of_a_ticket_and_are_marked_as_seen(client, orla, event, scan, late, tickets):
    [ticket] = tickets()
    scan(ticket, "South")
    late(ticket, "North", timezone.now() - timedelta(minutes=3))
    late(None, "North", timezone.now())
    client.force_login(orla)
    page = one_line(client.get("/events/concert/door/conflicts/").content.decode())
    assert "2 people inside on it" in page and "No ticket of this event: NOSUCHTICKET" in page
    assert page.index(">North<") < page.index(">South<") and "Without a network" in page
    client.post("/events/concert/door/conflicts/seen/", {"ticket": ticket.pk})
    assert Scan.objects.conflicts(event).filter(seen_at=None).count() == 1
    assert "Mark all as seen" in find("events/concert/door/conflicts/").render().html
    assert client.post("/events/concert/door/conflicts/seen/", {"all": "yes"}).status_code == 303
    assert not Scan.objects.conflicts(event).filter(seen_at=None).exists()
    assert "Mark all as seen" not in client.get("/events/concert/door/conflicts/").content.decode()


def test_without_conflicts_there_is_nothing_to_mark_as_seen(client, orla, event):
    client.force_login(orla)
    page = client.get("/events/concert/door/conflicts/").content.decode()
    assert "There are no conflicts." in page and "Mark all as seen" not in page


def test_the_code_of_a_conflict_is_inert(client, orla, event, press):
    evil = "\"><SCRIPT>ALERT('1')</SCRIPT>"
    bare = press(None)
    now = timezone.now()
    Scan.objects.take_in(Press(bare.list, None, bare.key, "<b>North", bare.by, code=evil), Queued(True, now, now))
    client.force_login(orla)
    page = client.get("/events/concert/door/conflicts/").content.decode()
    assert "<SCRIPT>ALERT" not in page and "<b>North" not in page


def test_everybody_has_left_is_for_organisers(client, orla, event, scan, tickets):
    for ticket in tickets(2):
        scan(ticket)
    client.force_login(orla)
    assert client.post("/events/concert/door/empty/").status_code == 303
    assert not Ticket.objects.filter(is_inside=True).exists()
    assert "Everybody has left" in totals()
