"""From the list to the ticket, as an attendee's browser goes."""

from django.test import Client

from bookings.events.attendees.presence import ticket_of
from bookings.events.models import Capacity, Registration, State
from tests.events.attending import Browser, words


def test_from_the_list_to_the_ticket(client, event, rf):
    assert event.title in words(client.get("/events/"))
    browser = Browser(client, event)
    assert "10 places left" in words(browser.open())
    held = browser.choose(Adult=2)
    assert held.status_code == 303
    assert "These places are held for you." in words(client.get(held.url))
    answer = browser.fill(held.url, **{"name-2": "Bea"})
    assert answer.status_code == 303
    registration = Registration.objects.get()
    assert registration.state == State.CONFIRMED
    assert [ticket.name for ticket in registration.tickets.all()] == ["Ada", "Bea"]
    page = client.get(answer.url)
    assert "Confirmed" in words(page)
    ticket = registration.tickets.last()
    shown = client.get(ticket.get_absolute_url())
    assert "Bea" in words(shown)
    assert ticket.secret in words(shown)
    rf.session = client.session
    assert ticket_of(rf, event) == ticket


def test_a_programme_is_on_the_page_of_its_event(client, event):
    assert "Programme" not in words(Browser(client, event).open())
    room = event.rooms.create(name="Hall")
    event.sessions.create(room=room, title="Opening", starts_at=event.starts_at, minutes=30)
    assert "Opening" in words(Browser(client, event).open())


def test_who_comes_when_all_is_sold_is_told_without_the_lock(client, event, register, monkeypatch):
    browser = Browser(client, event)
    held = browser.choose(Adult=1)
    register(9)
    key = Registration.objects.get(state=State.HELD).key
    browser.fill(held.url)
    other = Browser(Client(), event)
    with monkeypatch.context() as patch:
        patch.setattr(Capacity, "locked", None)
        answer = other.choose(Adult=2)
    assert answer.status_code == 409
    assert "Adult: none left." in words(answer) and "Sold out" in words(answer)
    assert "sessionid" not in other.client.cookies, "nobody is remembered for a refusal"
    again = client.post(f"/events/{event.slug}/hold/", {"key": key, f"type-{event.types.get().pk}": 1})
    assert again.status_code == 303, "the same form leads to what it has made"


def test_a_page_reads_the_places_once(client, event, register, django_assert_max_num_queries):
    register(10)
    browser = Browser(client, event)
    with django_assert_max_num_queries(6):
        browser.open()
