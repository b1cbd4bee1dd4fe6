"""An event whose audience votes, for the bench, in the database of the process that imports this."""

from importlib import import_module

from django.conf import settings

from bookings.events.attendees.presence import TICKETS
from bookings.events.models import AudienceQuestion, Event, Ticket
from bookings.events.present.regions import EventNow
from tests.bench import evening, kitchen

QUESTIONS = 20


def audience(count):
    """So many tickets, by the cookies of their browsers; the questions that are shown; and where votes are sent."""
    evening.guests(count)
    event = Event.objects.get()
    tickets = list(Ticket.objects.order_by("pk"))
    asked = [
        AudienceQuestion.objects.ask(event, f"How do you do that, number {number}?", tickets[number], "Ada").show()
        for number in range(QUESTIONS)
    ]
    return {
        "cookies": [cookie_of(ticket) for ticket in tickets],
        "questions": [question.pk for question in asked],
        "path": f"/events/{event.slug}/now/vote/",
    }


def cookie_of(ticket):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[TICKETS] = {str(ticket.event_id): ticket.token}
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def address():
    return {"address": f"/ws/{EventNow(slug=Event.objects.get().slug).address}"}


def renderings():
    return {"EventNow": kitchen.renderings().get("EventNow", 0)}


def counted():
    """The votes in the database, by question."""
    questions = AudienceQuestion.objects.by_votes()
    return {str(question.pk): question.count for question in questions}
