"""What everybody present sees, as the values of rows. Nobody is named but by the name that they chose to be seen with."""

from typing import NamedTuple


class AnnouncementRow(NamedTuple):
    id: str
    text: str
    at: str

    template = "events/present/rows/_announcement.html"


class SessionLine(NamedTuple):
    title: str
    room: str
    times: str


class ProgrammeRow(NamedTuple):
    """``state``: whether the event is on, in words."""

    id: str
    state: str
    on_now: tuple[SessionLine, ...]
    next: tuple[SessionLine, ...]
    next_at: str

    template = "events/present/rows/_programme.html"


class PlacesRow(NamedTuple):
    id: str
    words: str
    meaning: str
    tone: str
    url: str

    template = "events/present/rows/_places.html"


class HeadingRow(NamedTuple):
    """``note``: why there is nothing below it, or what one should know. ``ticket_note``: what a browser without a ticket is told."""

    id: str
    title: str
    note: str = ""
    level: int = 2
    ticket_note: str = ""

    template = "events/present/rows/_heading.html"


class OptionLine(NamedTuple):
    key: int
    text: str
    count: int
    percent: int


class PollRow(NamedTuple):
    """``votes``: how many there are, in words. ``options`` have no numbers where those are hidden."""

    id: str
    slug: str
    text: str
    is_open: bool
    is_pinned: bool
    has_numbers: bool
    votes: str
    options: tuple[OptionLine, ...]

    template = "events/present/rows/_poll.html"


class QuestionRow(NamedTuple):
    id: str
    slug: str
    key: int
    text: str
    name: str
    count: int
    votes: str
    is_answered: bool
    is_pinned: bool

    template = "events/present/rows/_question.html"


class ChatRow(NamedTuple):
    id: str
    name: str
    text: str
    at: str
    is_staff: bool

    template = "events/present/rows/_chat.html"
