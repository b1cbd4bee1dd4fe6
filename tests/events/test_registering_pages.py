"""From the list to the ticket, as an attendee's browser goes."""

from bookings.events.attendees.presence import ticket_of
from bookings.events.models import Registration, State
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
