"""What organisers moderate, as the values of rows with the verbs that are legal now."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bookings.events.models import AskedState, Event, PollState
from bookings.events.present import shown
from bookings.events.present.rows import HeadingRow, OptionLine
from clocks import recent

OTHERS, MESSAGES, ANNOUNCEMENTS = 15, 40, 10  # of each, at most


class Button(NamedTuple):
    """``url``: where it is posted to. ``seen``: the revision that its reader sees."""

    url: str
    label: str
    tone: str = ""
    seen: int = 0


class ModeratedQuestion(NamedTuple):
    id: str
    text: str
    about: str
    state: str
    tone: str
    is_pinned: bool
    buttons: tuple[Button, ...]

    template = "events/present/rows/_moderated_question.html"


class ModeratedPoll(NamedTuple):
    id: str
    text: str
    votes: str
    hides_results: bool
    state: str
    tone: str
    is_pinned: bool
    options: tuple[OptionLine, ...]
    buttons: tuple[Button, ...]

    template = "events/present/rows/_moderated_poll.html"


class ModeratedText(NamedTuple):
    """A message of the chat, or an announcement."""

    id: str
    text: str
    about: str
    is_hidden: bool
    buttons: tuple[Button, ...]

    template = "events/present/rows/_moderated_text.html"


class ChatHead(NamedTuple):
    id: str
    title: str
    is_open: bool
    button: Button

    template = "events/present/rows/_moderated_chat.html"


Words = str | Promise
QUESTION_VERBS: list[tuple[str, Words, str]] = [
    ("show", gettext_lazy("Show it"), "first"),
    ("pin", gettext_lazy("To the stage"), "first"),
    ("unpin", gettext_lazy("Off the stage"), ""),
    ("answer", gettext_lazy("Answered"), ""),
    ("dismiss", gettext_lazy("Don’t show it"), ""),
]
POLL_VERBS: list[tuple[str, Words, str]] = [
    ("open", pgettext_lazy("a poll", "Open it"), "first"),
    ("pin", gettext_lazy("To the stage"), "first"),
    ("unpin", gettext_lazy("Off the stage"), ""),
    ("close", pgettext_lazy("a poll", "Close it"), ""),
    ("discard", gettext_lazy("Delete it"), "bad"),
]
TONES = {
    AskedState.WAITING: "warn",
    AskedState.SHOWN: "good",
    AskedState.ANSWERED: "calm",
    AskedState.DISMISSED: "calm",
    PollState.DRAFT: "calm",
    PollState.OPEN: "good",
    PollState.CLOSED: "calm",
}


def verbs_of(thing: Any, verbs: list[tuple[str, Words, str]], slug: str, kind: str) -> Iterator[Button]:
    """Those that are legal and make sense now."""
    for verb, label, tone in verbs:
        makes_sense = {"pin": not thing.is_pinned, "unpin": thing.is_pinned, "discard": thing.state == PollState.DRAFT}
        if thing.is_legal(verb) and makes_sense.get(verb, True):
            url = reverse(f"events:moderate-{kind}", args=[slug, thing.pk, verb])
            yield Button(url, str(label), tone, thing.revision)


def heading(id: str, title: str, note: str = "") -> HeadingRow:
    return HeadingRow(id, title, note, level=3)


# Questions


def questions(event: Event, now: datetime) -> Iterator[Any]:
    """Those that wait come first, as they were asked; then those that are shown, by votes."""
    asked = event.asked.by_votes(now)
    waiting = list(asked.filter(state=AskedState.WAITING).order_by("at", "pk"))
    words = ngettext("%(count)s question waits", "%(count)s questions wait", len(waiting)) % {"count": len(waiting)}
    yield heading("waiting", words if waiting else _("No question waits"))
    yield from (question_row(question, event) for question in waiting)
    visible = sorted(asked.filter(state=AskedState.SHOWN), key=lambda question: not question.is_pinned)
    yield heading("shown", _("Shown to everybody"), "" if visible else _("Nothing is shown."))
    yield from (question_row(question, event) for question in visible)
    others = list(asked.filter(state__in=(AskedState.ANSWERED, AskedState.DISMISSED)).order_by("-at", "-pk")[:OTHERS])
    if others:
        yield heading("others", _("Answered, or not shown"))
        yield from (question_row(question, event) for question in others)


def question_row(question: Any, event: Event) -> ModeratedQuestion:
    about = [shown.vote_words(question.count), question.name or _("without a name"), recent(question.at, event.tz)]
    return ModeratedQuestion(
        f"question-{question.pk}",
        question.text,
        ", ".join(about),
        question.get_state_display(),
        TONES[AskedState(question.state)],
        question.is_pinned,
        tuple(verbs_of(question, QUESTION_VERBS, event.slug, "question")),
    )


# Polls, announcements, chat


def talk(event: Event) -> Iterator[Any]:
    yield from polls(event)
    yield from announcements(event)
    yield from chat(event)


def polls(event: Event) -> Iterator[Any]:
    found = list(event.polls.order_by("-at", "-pk"))
    options = shown.options_of(found)
    yield heading("polls", _("Polls"), "" if found else _("There is no poll."))
    for poll in found:
        row = shown.poll_row(poll, event.slug, options[poll.pk], shows_results=True)
        yield ModeratedPoll(
            f"poll-{poll.pk}",
            poll.text,
            row.votes,
            poll.hides_results,
            poll.get_state_display(),
            TONES[PollState(poll.state)],
            poll.is_pinned,
            row.options,
            tuple(verbs_of(poll, POLL_VERBS, event.slug, "poll")),
        )


def announcements(event: Event) -> Iterator[Any]:
    found = event.announcements.current().select_related("by")[:ANNOUNCEMENTS]
    yield heading("announcements", _("Announcements"), "" if found else _("Nothing is announced."))
    for each in found:
        url = reverse("events:take-back", args=[event.slug, each.pk])
        about = ", ".join(filter(None, [str(each.by or ""), recent(each.at, event.tz)]))
        yield ModeratedText(f"announcement-{each.pk}", each.text, about, False, (Button(url, _("Take it back")),))


def chat(event: Event) -> Iterator[Any]:
    is_open = event.chat_is_open
    url = reverse("events:moderate-chat", args=[event.slug, "close" if is_open else "open"])
    yield ChatHead("chat", _("Chat"), is_open, Button(url, _("Close the chat") if is_open else _("Open the chat")))
    for each in event.chat.select_related("hidden_by").order_by("-at", "-pk")[:MESSAGES]:
        is_hidden = each.hidden_at is not None
        verb, label = ("bring-back", _("Show it again")) if is_hidden else ("hide", _("Hide it"))
        by = [_("hidden by %(who)s") % {"who": each.hidden_by}] if each.hidden_by else []
        about = ", ".join([each.name, recent(each.at, event.tz), *by])
        url = reverse("events:moderate-message", args=[event.slug, each.pk, verb])
        yield ModeratedText(f"message-{each.pk}", each.text, about, is_hidden, (Button(url, label),))
