"""Makes the rows that everybody present sees of what the database has."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.events.attendees import left, reading
from bookings.events.models import (
    AskedState,
    Event,
    EventState,
    Poll,
    PollOption,
    PollState,
    Session,
    SessionState,
    Vote,
)
from bookings.events.models.asked import ORDER_STAYS, order_of
from bookings.events.present.rows import (
    AnnouncementRow,
    ChatRow,
    HeadingRow,
    OptionLine,
    PlacesRow,
    PollRow,
    ProgrammeRow,
    QuestionRow,
    SessionLine,
)
from clocks import clock, recent, when

ANNOUNCEMENTS, QUESTIONS, ANSWERED, MESSAGES, SESSIONS, POLLS = 5, 40, 5, 30, 6, 6  # of each, at most


def announcements(event: Event) -> Iterator[AnnouncementRow]:
    """The latest first."""
    for each in event.announcements.current()[:ANNOUNCEMENTS]:
        yield AnnouncementRow(f"announcement-{each.pk}", each.text, recent(each.at, event.tz))


def places(event: Event, now: datetime) -> PlacesRow:
    found = left.left_of_event(event, reading.read(event, now), event.types.all(), now)
    return PlacesRow("places", found.words, found.meaning, found.tone, event.get_absolute_url())


# Programme


def programme(event: Event, sessions: Sequence[Session], now: datetime) -> ProgrammeRow:
    """What is on now, and what begins next."""
    on_now = [session for session in sessions if session.starts_at <= now < session.ends_at]
    coming = [session for session in sessions if session.starts_at > now]
    first = coming[0].starts_at if coming else None
    after = [session for session in coming if session.starts_at == first]
    return ProgrammeRow(
        "programme",
        state_words(event, now),
        tuple(line(session, event) for session in on_now[:SESSIONS]),
        tuple(line(session, event) for session in after[:SESSIONS]),
        when(first, event.tz, event.day),
    )


def line(session: Session, event: Event) -> SessionLine:
    times = f"{clock(session.starts_at, event.tz)}–{clock(session.ends_at, event.tz)}"
    return SessionLine(session.title, session.room.name, times)


def state_words(event: Event, now: datetime) -> str:
    if event.state == EventState.CANCELLED:
        return _("This event is cancelled.")
    if now < event.starts_at:
        return _("Begins %(when)s") % {"when": when(event.starts_at, event.tz)}
    if now < event.ends_at:
        return _("On now, until %(when)s") % {"when": when(event.ends_at, event.tz, event.day)}
    return _("This event is over.")


def planned(event: Event) -> list[Session]:
    """All that is not called off."""
    found = event.sessions.filter(state=SessionState.PLANNED).select_related("room")
    return list(found.order_by("starts_at", "room__position", "pk"))


# Polls


def polls(event: Event) -> Iterator[Any]:
    """Those that are open first, and the latest of each."""
    found = list(event.polls.visible().order_by("-at", "-pk")[:POLLS])
    if not found:
        return
    is_open = any(poll.state == PollState.OPEN for poll in found)
    yield HeadingRow("polls", _("Polls"), ticket_note=_("To vote, open your ticket on this device.") if is_open else "")
    options = options_of(found)
    for poll in sorted(found, key=lambda poll: (not poll.is_pinned, poll.state != PollState.OPEN)):
        yield poll_row(poll, event.slug, options[poll.pk])


def options_of(polls: Sequence[Poll]) -> dict[int, list[PollOption]]:
    """The choices of each, with their votes."""
    found: dict[int, list[PollOption]] = {poll.pk: [] for poll in polls}
    for option in PollOption.objects.filter(poll__in=found).with_votes():
        found[option.poll_id].append(option)
    return found


def poll_row(poll: Poll, slug: str, options: Sequence[Any], shows_results: bool | None = None) -> PollRow:
    has_numbers = poll.shows_results if shows_results is None else shows_results
    total = sum(option.count for option in options)
    return PollRow(
        f"poll-{poll.pk}",
        slug,
        poll.text,
        poll.state == PollState.OPEN,
        poll.is_pinned,
        has_numbers,
        vote_words(total),
        tuple(
            OptionLine(
                option.pk, option.text, *((option.count, percent(option.count, total)) if has_numbers else (0, 0))
            )
            for option in options
        ),
    )


def percent(count: int, total: int) -> int:
    return round(100 * count / total) if total else 0


def vote_words(count: int) -> str:
    return ngettext("%(count)s vote", "%(count)s votes", count) % {"count": count}


# Questions


def questions(event: Event, now: datetime) -> Iterator[Any]:
    """The one on the stage's screen, then by votes; at the end the last that were answered."""
    found = list(event.asked.filter(state=AskedState.SHOWN).by_votes(now)[:QUESTIONS])
    answered = list(event.asked.filter(state=AskedState.ANSWERED).by_votes(now).order_by("-at", "-pk")[:ANSWERED])
    note = "" if found or answered else _("Nobody has asked yet. A moderator looks at each question first.")
    ticket_note = _("To ask and vote, open your ticket on this device.")
    yield HeadingRow("questions", _("Questions to the stage"), note, ticket_note=ticket_note)
    for question in [*sorted(found, key=lambda question: not question.is_pinned), *answered]:
        yield question_row(question, event.slug)


def question_row(question: Any, slug: str) -> QuestionRow:
    return QuestionRow(
        f"question-{question.pk}",
        slug,
        question.pk,
        question.text,
        question.name,
        question.count,
        vote_words(question.count),
        question.state == AskedState.ANSWERED,
        question.is_pinned,
    )


def order_changes_at(event: Event, now: datetime) -> datetime | None:
    """When votes that came since the last order may make another one."""
    settled = order_of(now)
    is_due = Vote.objects.filter(question__event=event.pk, at__gte=settled).exists()
    return settled + ORDER_STAYS if is_due else None


# Chat


def chat(event: Event) -> Iterator[Any]:
    """The latest first."""
    found = list(event.chat.visible().order_by("-at", "-pk")[:MESSAGES])
    note = "" if event.chat_is_open else _("The chat is closed.")
    yield HeadingRow("chat", _("Chat"), note or ("" if found else _("Nobody has written yet.")))
    for each in found:
        yield ChatRow(f"chat-{each.pk}", each.name, each.text, recent(each.at, event.tz), each.is_staff)
