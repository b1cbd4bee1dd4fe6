"""Who waits: the form that joins, one's own page, an offer with its countdown, declining, leaving."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from bookings.events.models import Registration, State, WaitlistEntry
from bookings.events.waiters.due import serve_waitlist
from live.regions import find
from post import strangers
from post.models import Message


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


@pytest.fixture
def link_of(join):
    """``link_of(3, "Gina")``: joins, and gives the address of the party's page, which comes by mail."""

    def send(size=1, name="Wim", **fields):
        join(size, name, **fields)
        return WaitlistEntry.objects.get(name=name).get_absolute_url()

    return send


def as_told(answer, name="Wim"):
    """An answer without what differs each time: tokens, nonces, keys, and what was typed."""
    text = re.sub(name, "Wim", answer.text, flags=re.IGNORECASE)
    return re.sub(r'(csrfmiddlewaretoken" value=|CSRFToken": |nonce=|name="key" value=)"[^"]*"', "", text)


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


def test_a_group_sees_where_it_is(client, full, join, link_of):
    join(name="Annabel")
    page = client.get(link_of(3, "Gina")).text
    assert "3 of you; 1 before you in line." in page and "No place is free now." in page
    assert "Annabel" not in page


def test_a_group_sees_what_is_gathered_for_it(client, full, link_of):
    address = link_of(3, "Gina")
    full.holders[0].cancel()
    page = client.get(address).text
    assert "3 of you; 1 place is being gathered for you until" in page and "2 more are needed" in page
    assert "data-until=" in page and "nobody before you in line" in page


def test_the_party_is_told_in_words_of_its_own(client, full, link_of, time_machine):
    """It read those of the organisers: "too few for this party", "Those behind who fit"."""
    gina, sam = link_of(3, "Gina"), link_of(3, "Sam")
    full.holders[0].cancel()
    assert "gathered for a group that joined before you." in client.get(sam).text
    entry = WaitlistEntry.objects.get(name="Gina")
    time_machine.move_to(entry.gathers_until + timedelta(seconds=1))
    serve_waitlist(full, timezone.now())
    page = client.get(gina).text
    assert (
        "gathered for you until" in page and "Those who joined after you and need fewer places come first now." in page
    )
    assert "too few for all of you" in client.get(link_of(3, "Tom")).text
    for text in (page, client.get(sam).text):
        assert "this party" not in text and "Those behind" not in text


def test_an_offer_is_taken_by_the_form_of_all(client, full, link_of):
    address = link_of()
    full.holders[0].cancel()
    page = client.get(address).text
    assert "A place for you" in page and "Take this place" in page and "data-until=" in page
    offer = WaitlistEntry.objects.get().offer
    assert client.get(f"{address}take/").url == f"/events/held/{offer.token}/"
    offer.book("Wim", "wim@example.org")
    assert client.get(address).url == offer.get_absolute_url()


def test_declining_is_a_post_and_passes_on_at_once(client, full, link_of):
    first, second = link_of(), link_of(name="Ben")
    full.holders[0].cancel()
    assert client.get(f"{first}leave/").status_code == 405, "mail scanners click"
    assert client.post(f"{first}leave/").url == first
    assert "not on the waitlist any more" in client.get(first).text
    assert "A place for you" in client.get(second).text
    assert client.post(f"{first}leave/").status_code == 422


def test_fewer_places_are_taken_from_what_is_gathered(client, full, link_of):
    address = link_of(3, "Gina")
    full.holders[0].cancel()
    full.holders[1].cancel()
    assert client.post(f"{address}fewer/", {"least": 2}).status_code == 303
    assert "2 places for you" in client.get(address).text
    assert Registration.objects.get(state=State.OFFERED).tickets.count() == 2


@pytest.mark.parametrize("least", [0, 4, "x", ""])
def test_fewer_that_cannot_be(client, full, link_of, least):
    address = link_of(3, "Gina")
    assert client.post(f"{address}fewer/", {"least": least}).status_code == 422
    assert WaitlistEntry.objects.get().least == 3


def test_sent_twice_it_is_one_entry(join, full):
    key = uuid4()
    assert as_told(join(key=key)) == as_told(join(key=key))
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


class TestAnAddressThatWaits:
    """A visitor can type another person's address. Only the owner of that address learns that it waits: by mail, or signed in."""

    @pytest.fixture(autouse=True)
    def same_moment(self, time_machine):
        time_machine.move_to(timezone.now(), tick=False)

    def test_a_stranger_sees_the_same_answer(self, full, join):
        """Byte for byte but for tokens and the address itself, on the page it leads to as well."""
        join(name="Wim")
        told = []
        for name in ("Wim", "Zoe"):
            stranger = Client()
            answer = join(2, name, client=stranger)
            page = stranger.get(answer.url)
            told.append((answer.status_code, answer.url, sorted(answer.headers), page.status_code, as_told(page, name)))
            again = stranger.get("/events/sold-out/")
            assert "Your place in line" not in again.text
        assert told[0] == told[1]
        assert told[0][:2] == (303, "/events/sold-out/") and "We have written to Wim@example.org." in told[0][4]
        assert full.waitlist.count() == 2

    def test_the_address_gets_a_mail_with_the_link(self, full, join, link_of):
        link = link_of(3, "Wim")
        join(email="WIM@example.org")
        [before, mail] = Message.objects.order_by("pk").filter(to="wim@example.org")
        assert mail.subject == "You are on the waitlist already: Last concert"
        assert "for 3 places together" in mail.body and link in mail.body
        assert not Message.objects.filter(to="WIM@example.org").exists() and before.subject != mail.subject

    def test_mails_are_bounded(self, full, join, settings):
        settings.MAILS_PER_RECIPIENT = 2
        strangers.has_proven("wim@example.org")
        for _again in range(4):
            assert join().status_code == 303
        assert Message.objects.filter(to="wim@example.org").count() == 2

    def test_it_moves_no_offer(self, full, join, time_machine):
        """The mail of an offer that is sent holds it for its whole time from then on: this one is not of the offer."""
        join()
        full.holders[0].cancel()
        entry = WaitlistEntry.objects.get()
        join()
        mail = Message.objects.get(subject__startswith="You are on the waitlist already")
        assert not mail.about_key
        time_machine.move_to(entry.offer.expires_at + timedelta(seconds=1))
        serve_waitlist(full, timezone.now())
        assert Message.objects.filter(pk=mail.pk).exists(), "it is not taken back with the offer"

    @pytest.mark.parametrize("bound", [{"size": 1}, {"WISHES_PER_ADDRESS": 1}])
    def test_no_other_refusal_tells(self, full, join, settings, bound):
        join(3)
        settings.WISHES_PER_ADDRESS = bound.get("WISHES_PER_ADDRESS", 30)
        if "size" in bound:
            full.holders[0].cancel(), full.quotas.update(size=9)
        known, new = join(client=Client()), join(name="Zoe", client=Client())
        assert known.status_code == new.status_code != 303
        assert as_told(known) == as_told(new, "Zoe")

    def test_a_key_does_not_tell_either(self, full, join):
        """Sent again with one's own address, a key that had made an entry would make no other."""
        join(name="Wim")
        for name in ("Wim", "Zoe"):
            key = uuid4()
            join(name=name, key=key), join(name=f"Mine-{name}", key=key)
        assert full.waitlist.count() == 4

    def test_who_is_signed_in_with_it_is_led_there(self, client, full, join, alice):
        client.force_login(alice)
        first = join(name="Alice")
        assert first.url == WaitlistEntry.objects.get().get_absolute_url()
        again = join(name="Alice")
        assert again.url == first.url
        assert "on the waitlist for these tickets already" in client.get(again.url).text

    def test_who_is_signed_in_is_a_stranger_for_other_addresses(self, client, full, join, alice):
        client.force_login(alice)
        join(name="Zoe")
        assert WaitlistEntry.objects.get().user is None
        assert "Last concert" not in client.get("/events/mine/").text


class TestWhoWaits:
    """Who waits already was offered to join the waitlist again."""

    def test_by_the_link(self, client, full, link_of):
        link = link_of()
        for address in ("/events/sold-out/", "/events/sold-out/waitlist/"):
            assert link not in client.get(address).text
        client.get(link)
        page = client.get("/events/sold-out/").text
        assert f'href="{link}"' in page and "Join the waitlist" not in page
        assert f'href="{link}"' in client.get("/events/sold-out/waitlist/").text
        assert "Join the waitlist" in Client().get("/events/sold-out/").text

    def test_with_an_account(self, client, full, link_of, alice):
        link = link_of(name="Alice")
        client.force_login(alice)
        page = client.get("/events/sold-out/").text
        assert f'href="{link}"' in page and "Join the waitlist" not in page

    def test_who_has_left_may_join_again(self, client, full, link_of):
        link = link_of()
        client.get(link)
        region = re.search(r"/live/(event-places/sold-out/[^/?\"]+/)", client.get("/events/sold-out/").text)[1]
        client.post(f"{link}leave/")
        for page in (client.get("/events/sold-out/").text, find(region).render().html):
            assert link not in page and "Join the waitlist" in page


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


def test_a_number_is_no_link(client, link_of):
    address = link_of()
    for forged in ("/events/waiting/1/", address[:-2] + "/", address[:-1] + "x/"):
        assert client.get(forged).status_code == 404
        assert client.post(f"{forged}leave/").status_code == 404
        assert client.post(f"{forged}fewer/", {"least": 1}).status_code == 404
    assert client.get("/live/event-waiting/1/").status_code == 404


def test_one_network_waits_so_often(join, settings):
    settings.WISHES_PER_ADDRESS = 2
    join(), join(name="Ben")
    assert join(name="Cal").status_code == 429
