"""What people at an event are pushed: everybody what is now, and its organisers what they moderate."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property

from bookings.events import topics
from bookings.events.models import Event, Poll, Session
from bookings.events.present import moderated, shown
from clocks import earliest
from links import tokens
from live.regions import ListRegion, Region

RESULTS = "events.poll-results"  # the kind of a token


class EventNow(ListRegion):
    """Places left, programme, announcements, polls, questions, chat. Anyone may look, so it names only who wants to be named.

    ``ws/events/<slug>/`` is a promise to other software. Organisers see more at ``ws/events/<slug>/moderation/``. Each
    question and message is a row, so that a vote sends one row.
    """

    path, public = "events/<slug:slug>/", True
    template, row_template = "events/present/_now.html", "events/present/_row.html"
    row_prefix = "now-"
    slug: str

    @cached_property
    def event(self) -> Event:
        return Event.objects.public().named(self.slug)

    @cached_property
    def sessions(self) -> list[Session]:
        return shown.planned(self.event)

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def head(self) -> list[Any]:
        """The rows before the polls, as they are ``now``."""
        event, now = self.event, self.now
        return [*shown.announcements(event), shown.programme(event, self.sessions, now), shown.places(event, now)]

    @cached_property
    def talk(self) -> list[Any]:
        return list(shown.chat(self.event))

    @cached_property
    def head_until(self) -> datetime | None:
        """When time alone will change the head."""
        event, now = self.event, self.now
        moments = [event.starts_at, event.ends_at, event.sale_from, event.sale_ends_at]
        moments += [moment for session in self.sessions for moment in (session.starts_at, session.ends_at)]
        moments += [moment for type_ in event.types.all() for moment in (type_.sale_from, type_.sale_until)]
        return earliest(*(moment for moment in moments if moment and moment > now), event.next_expiry(now))

    def forget(self) -> None:
        """A vote changes questions and polls, and nothing else."""
        is_vote = bool(self.changed) and set(self.changed or ()) == {topics.votes(self.event.pk)}
        if not is_vote or (self.head_until and self.head_until <= timezone.now()):
            super().forget()

    def topics(self) -> list[str]:
        event = self.event.pk
        present = [topics.present(event), topics.votes(event)]
        return [topics.places(event), topics.programme(event), *present, topics.events()]

    def context(self) -> dict[str, Any]:
        return {"event": self.event}

    def rows(self) -> Iterator[Any]:
        event = self.event
        yield from self.head
        yield from shown.polls(event)
        yield from shown.questions(event, timezone.now())
        yield from self.talk

    def stale_at(self, now: datetime) -> datetime | None:
        return earliest(self.head_until, shown.order_changes_at(self.event, now))


class PollResults(Region):
    """The results of a poll that hides them until one has voted: for those who have, by a link that they got for it.

    All of them share it.
    """

    path, template = "event-results/<str:token>/", "events/present/_results.html"
    by_link = True
    token: str

    @classmethod
    def of(cls, poll: Poll) -> "PollResults":
        return cls(token=tokens.token(RESULTS, poll.pk))

    @cached_property
    def poll(self) -> Poll:
        opened = tokens.read(self.token, RESULTS)
        found = Poll.objects.visible().filter(pk=opened[0]).select_related("event").first() if opened else None
        if found is None:
            raise Http404
        return found

    def allows(self, user: Any) -> bool:
        opened = tokens.read(self.token, RESULTS)
        return bool(opened and Poll.objects.visible().filter(pk=opened[0]).exists())

    def topics(self) -> list[str]:
        return [topics.present(self.poll.event_id), topics.votes(self.poll.event_id)]

    def context(self) -> dict[str, Any]:
        poll = self.poll
        options = shown.options_of([poll])[poll.pk]
        return {"row": shown.poll_row(poll, poll.event.slug, options, shows_results=True)}

    def __repr__(self) -> str:
        """For logs, which must not have the token."""
        return f"<{type(self).__name__}>"


class Moderated(ListRegion):
    """Something that the organisers of an event moderate."""

    row_template = "events/present/_row.html"
    slug: str

    def allows(self, user: Any) -> bool:
        return Event.objects.of(user).filter(slug=self.slug).exists()

    @cached_property
    def event(self) -> Event:
        return Event.objects.named(self.slug)

    def topics(self) -> list[str]:
        event = self.event.pk
        return [topics.present(event), topics.votes(event), topics.moderation(event), topics.events()]

    def context(self) -> dict[str, Any]:
        return {"event": self.event}


class Moderation(Moderated):
    """The questions: those that wait, those that are shown, and the last of the others."""

    path, template = "events/<slug:slug>/moderation/", "events/present/_moderation.html"
    row_prefix = "moderate-"

    def rows(self) -> Iterator[Any]:
        return moderated.questions(self.event, timezone.now())

    def stale_at(self, now: datetime) -> datetime | None:
        return shown.order_changes_at(self.event, now)


class ModeratedTalk(Moderated):
    """Polls, announcements and the chat."""

    path, template = "events/<slug:slug>/moderation/talk/", "events/present/_talk.html"
    row_prefix = "talk-"

    def rows(self) -> Iterator[Any]:
        return moderated.talk(self.event)
