"""The screen beside a stage: the pinned question, the pinned poll with its bars, or which session is on and which is next.

What people wrote stands there as they wrote it; all other words in each language of the screen.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.events import topics
from bookings.events.models import AudienceQuestion, Event, EventState, Poll, PollState, Session
from bookings.events.present import shown
from bookings.events.present.rows import OptionLine
from clocks import clock, earliest
from languages import in_each, known
from live.regions import ListRegion

Words = tuple[tuple[str, str], ...]  # (language, text)
SHORT, MIDDLE = 60, 130  # characters: longer texts get smaller letters
SESSIONS = 4


class StageRow(NamedTuple):
    """``kind``: question, poll or session. ``says``: what speech says for it."""

    id: str
    kind: str
    size: str
    text: str
    about: Words
    says: Words
    name: str = ""
    time: str = ""
    room: str = ""
    has_numbers: bool = False
    options: tuple[OptionLine, ...] = ()


class StageScreen(ListRegion):
    """All screens of an event with the same languages share it."""

    path, public, stays = "kiosk/stage/<slug:slug>/", True, True
    query = ("languages",)
    template, row_template = "events/stage/_screen.html", "events/stage/_row.html"
    row_prefix = "stage-"
    slug: str

    @cached_property
    def event(self) -> Event:
        return Event.objects.public().named(self.slug)

    @cached_property
    def question(self) -> AudienceQuestion | None:
        found: AudienceQuestion | None = self.event.asked.filter(pinned_at__isnull=False).by_votes().first()
        return found

    @cached_property
    def poll(self) -> Poll | None:
        found: Poll | None = self.event.polls.filter(pinned_at__isnull=False).first()
        return found

    @cached_property
    def sessions(self) -> list[Session]:
        return shown.planned(self.event)

    @property
    def languages(self) -> list[str]:
        return known(self.filters.get("languages", "").split("-"), self.language)

    def topics(self) -> list[str]:
        event = self.event.pk
        return [topics.present(event), topics.votes(event), topics.programme(event), topics.events()]

    def context(self) -> dict[str, Any]:
        event = self.event
        now = timezone.now()
        about = in_each(self.languages, lambda: shown.state_words(event, now))
        invites = self.in_all(lambda: _("Ask and vote on your phone."))
        return {
            "event": event,
            "languages": self.languages,
            "about": about,
            "nothing": about if self.has_ended(now) else invites,
            "size": size_of(event.title),
        }

    def has_ended(self, now: datetime) -> bool:
        """Nobody asks or votes any more."""
        return self.event.state == EventState.CANCELLED or self.event.ends_at <= now

    def rows(self) -> Iterator[StageRow]:
        if self.event.state == EventState.CANCELLED:
            return
        if self.question:
            yield self.question_row(self.question)
        elif self.poll:
            yield self.poll_row(self.poll)
        else:
            yield from self.session_rows(timezone.now())

    def stale_at(self, now: datetime) -> datetime | None:
        moments = [self.event.starts_at, self.event.ends_at]
        moments += [moment for session in self.sessions for moment in (session.starts_at, session.ends_at)]
        return earliest(*(moment for moment in moments if moment > now))

    # Rows

    def question_row(self, question: Any) -> StageRow:
        about = self.in_all(lambda: shown.vote_words(question.count))
        says = tuple((code, f"{question.text} {words}") for code, words in about)
        return StageRow(
            f"question-{question.pk}", "question", size_of(question.text), question.text, about, says, question.name
        )

    def poll_row(self, poll: Poll) -> StageRow:
        row = shown.poll_row(poll, self.slug, shown.options_of([poll])[poll.pk])
        total = sum(option.count for option in poll.options.with_votes())
        is_open = poll.state == PollState.OPEN and not self.has_ended(timezone.now())
        about = self.in_all(lambda: f"{shown.vote_words(total)}. {vote_here_words(is_open)}")
        choices = ", ".join(
            f"{option.text}: {option.percent} %" if row.has_numbers else option.text for option in row.options
        )
        says = tuple((code, f"{poll.text} {choices}. {words}") for code, words in about)
        return StageRow(
            f"poll-{poll.pk}",
            "poll",
            f"{size_of(poll.text)} options-{len(row.options)}",
            poll.text,
            about,
            says,
            has_numbers=row.has_numbers,
            options=row.options,
        )

    def session_rows(self, now: datetime) -> Iterator[StageRow]:
        """What is on now, and then what comes next."""
        on_now = [session for session in self.sessions if session.starts_at <= now < session.ends_at]
        coming = [session for session in self.sessions if session.starts_at > now]
        for session in [*on_now, *coming][:SESSIONS]:
            is_on = session.starts_at <= now
            about = self.in_all(lambda is_on=is_on: now_or_next(is_on))  # type: ignore[misc]
            time = clock(session.starts_at, self.event.tz)
            says = tuple((code, f"{words}: {time} {session.title}, {session.room.name}") for code, words in about)
            yield StageRow(
                f"session-{session.pk}", "session", "", session.title, about, says, "", time, session.room.name
            )

    def in_all(self, words: Any) -> Words:
        return tuple(in_each(self.languages, words))


def now_or_next(is_on: bool) -> str:
    return pgettext("a session", "Now") if is_on else pgettext("a session", "Next")


def size_of(text: str) -> str:
    return "short" if len(text) <= SHORT else "middle" if len(text) <= MIDDLE else "long"


def vote_here_words(is_open: bool) -> str:
    return _("Vote on your phone") if is_open else _("Closed")
