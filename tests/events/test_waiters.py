"""Who waits: the form that joins, one's own page, an offer with its countdown, declining, leaving."""

from uuid import uuid4

import pytest

from bookings.events.models import Registration, State, WaitlistEntry


@pytest.fixture
def full(make_event, register):
    """An event of three places, all sold; ``full.holders`` have them."""
    event = make_event(size=3, slug="sold-out", title="Last concert")
    event.holders = [register(1, name=f"Holder {number}", event=event) for number in range(3)]
    return event


@pytest.fixture
def join(client, full):
    """``join(size=3)``: the answer to the form."""

    def send(size=1, name="Wim", client=client, **fields):
        values = {"type": full.types.get().pk, "size": size, "name": name, "key": uuid4()}
        values = {**values, "email": f"{name.lower()}@example.org", **fields}
        return client.post("/events/sold-out/waitlist/", values)

    return send


def test_the_form_says_the_rule_beforehand(client, full, join):
    page = client.get("/events/sold-out/waitlist/?size=3").text
    assert "An offer is kept for you for 30 minutes, day and night." in page and 'value="3"' in page
    assert "Nobody is waiting." in page
    join()
    assert "One party is waiting" in client.get("/events/sold-out/waitlist/").text


def test_each_ticket_type_has_a_line_of_its_own(make_event, register, client):
    event = make_event(size=2, types={"Adult": 0, "Child": 0}, slug="two-types")
    register({"Adult": 1, "Child": 1}, event=event)
    for type_ in event.types.all():
        data = {"type": type_.pk, "size": 1, "name": "Wim", "email": "wim@example.org", "key": uuid4()}
        assert client.post("/events/two-types/waitlist/", data).status_code == 303
    assert {entry.type.name for entry in event.waitlist.waiting()} == {"Adult", "Child"}


def test_a_group_sees_where_it_is(client, full, join):
    join(name="Annabel")
    answer = join(3, name="Gina")
    assert answer.status_code == 303 and answer.url.startswith("/events/waiting/")
    page = client.get(answer.url).text
    assert "3 of you; 1 before you in line." in page and "No place is free now." in page
    assert "Annabel" not in page


def test_a_group_sees_what_is_gathered_for_it(client, full, join):
    address = join(3, name="Gina").url
    full.holders[0].cancel()
    page = client.get(address).text
    assert "3 of you; 1 place is being gathered for you until" in page and "2 more are needed" in page
    assert "data-until=" in page and "nobody before you in line" in page


def test_an_offer_is_taken_by_the_form_of_all(client, full, join):
    address = join().url
    full.holders[0].cancel()
    page = client.get(address).text
    assert "A place for you" in page and "Take this place" in page and "data-until=" in page
    offer = WaitlistEntry.objects.get().offer
    assert client.get(f"{address}take/").url == f"/events/held/{offer.token}/"
    offer.book("Wim", "wim@example.org")
    assert client.get(address).url == offer.get_absolute_url()


def test_declining_is_a_post_and_passes_on_at_once(client, full, join):
    first, second = join().url, join(name="Ben").url
    full.holders[0].cancel()
    assert client.get(f"{first}leave/").status_code == 405, "mail scanners click"
    assert client.post(f"{first}leave/").url == first
    assert "not on the waitlist any more" in client.get(first).text
    assert "A place for you" in client.get(second).text
    assert client.post(f"{first}leave/").status_code == 422


def test_fewer_places_are_taken_from_what_is_gathered(client, full, join):
    address = join(3, name="Gina").url
    full.holders[0].cancel()
    full.holders[1].cancel()
    assert client.post(f"{address}fewer/", {"least": 2}).status_code == 303
    assert "2 places for you" in client.get(address).text
    assert Registration.objects.get(state=State.OFFERED).tickets.count() == 2


@pytest.mark.parametrize("least", [0, 4, "x", ""])
def test_fewer_that_cannot_be(client, full, join, least):
    address = join(3, name="Gina").url
    assert client.post(f"{address}fewer/", {"least": least}).status_code == 422
    assert WaitlistEntry.objects.get().least == 3


def test_sent_twice_it_is_one_entry(join, full):
    key = uuid4()
    assert join(key=key).url == join(key=key).url
    assert WaitlistEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"size": 0}, 422),
        ({"size": 11}, 422),
        ({"size": 2, "least": 3}, 422),
        ({"email": "nobody"}, 422),
        ({"name": ""}, 422),
        ({"name": "buy at http://spam.example"}, 422),
        ({"type": 0}, 422),
        ({"type": "x"}, 422),
        ({"key": "forged"}, 422),
    ],
)
def test_a_wish_that_cannot_be(join, fields, status):
    assert join(**fields).status_code == status
    assert not WaitlistEntry.objects.exists()


def test_one_address_waits_once_for_a_ticket_type(join):
    join()
    answer = join(email="WIM@example.org")
    assert answer.status_code == 409 and "on the waitlist for these tickets already" in answer.text


def test_nobody_waits_for_what_is_free(client, make_event, full):
    event = make_event(slug="empty")
    values = {"type": event.types.get().pk, "size": 2, "name": "Wim", "email": "wim@example.org", "key": uuid4()}
    answer = client.post("/events/empty/waitlist/", values)
    assert answer.status_code == 409 and "you need not wait" in answer.text and 'href="/events/empty/"' in answer.text


def test_a_cancelled_event_ends_the_wait_at_once(client, full, wait_for):
    entry = wait_for(2, "Gina", event=full)
    full.call_off("The hall is flooded.")
    page = client.get(entry.get_absolute_url()).text
    assert "Its waitlist is closed. The hall is flooded." in page and "On the waitlist" not in page


@pytest.mark.parametrize("fields", [{"has_waitlist": False}, {"state": "draft"}, {"state": "cancelled"}])
def test_an_event_without_a_waitlist(client, full, join, fields):
    type(full).objects.filter(pk=full.pk).update(**fields)
    assert join().status_code in (404, 422)
    assert not WaitlistEntry.objects.exists()


def test_a_number_is_no_link(client, join):
    address = join().url
    for forged in ("/events/waiting/1/", address[:-2] + "/", address[:-1] + "x/"):
        assert client.get(forged).status_code == 404
        assert client.post(f"{forged}leave/").status_code == 404
        assert client.post(f"{forged}fewer/", {"least": 1}).status_code == 404
    assert client.get("/live/event-waiting/1/").status_code == 404


def test_one_network_waits_so_often(join, settings):
    settings.WISHES_PER_ADDRESS = 2
    join(), join(name="Ben")
    assert join(name="Cal").status_code == 429
