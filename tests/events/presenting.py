"""People at an event that is on, for tests of what they see and do there."""

from django.test import Client
from django.urls import reverse

from bookings.events.attendees.presence import TICKETS
from tests.clients import CSRF_TOKEN


class Attendee:
    """``Attendee(event, ticket)``: a browser that has opened the link of a ticket. htmx unless ``is_htmx=False``."""

    def __init__(self, event, ticket=None, is_htmx=True):
        self.event, self.client = event, Client()
        self.headers = {"HX-Request": "true"} if is_htmx else {}
        if ticket:
            session = self.client.session
            session[TICKETS] = {str(event.pk): ticket.token}
            session.save()

    def see(self):
        return self.client.get(reverse("events:now", args=[self.event.slug]))

    def send(self, what, **fields):
        return self.client.post(reverse(f"events:{what}", args=[self.event.slug]), fields, headers=self.headers)

    def vote(self, question, verb="vote"):
        return self.send(verb, question=question.pk)


class Moderator:
    """``Moderator(event, orla)``"""

    def __init__(self, event, user, is_htmx=True):
        self.event, self.client = event, Client()
        self.headers = {"HX-Request": "true"} if is_htmx else {}
        self.client.force_login(user)

    def see(self):
        return self.client.get(reverse("events:moderation", args=[self.event.slug]))

    def write(self, what, **fields):
        return self.client.post(reverse(f"events:{what}", args=[self.event.slug]), fields, headers=self.headers)

    def move(self, thing, verb, **fields):
        kind = type(thing).__name__
        name = {"AudienceQuestion": "moderate-question", "Poll": "moderate-poll", "ChatMessage": "moderate-message"}
        fields = {"seen": thing.revision, **fields} if hasattr(thing, "revision") else fields
        return self.client.post(
            reverse(f"events:{name[kind]}", args=[self.event.slug, thing.pk, verb]), fields, headers=self.headers
        )


def session_of(ticket):
    """The cookies of a browser that has opened the link of this ticket."""
    client = Client()
    session = client.session
    session[TICKETS] = {str(ticket.event_id): ticket.token}
    session.save()
    return {"sessionid": session.session_key, "csrftoken": CSRF_TOKEN}
