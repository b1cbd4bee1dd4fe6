"""What the holder of one ticket has done: what they asked, voted for and chose. Nobody else sees it."""

from typing import Any, NamedTuple

from bookings.events.models import AskedState, Event, PollState, PollVote, Ticket
from bookings.events.present.regions import PollResults

TONES = {
    AskedState.WAITING: "warn",
    AskedState.SHOWN: "good",
    AskedState.ANSWERED: "good",
    AskedState.DISMISSED: "calm",
}


class Own(NamedTuple):
    text: str
    state: str
    tone: str


class Chosen(NamedTuple):
    """``results``: a region, where the numbers are hidden from those who have not voted."""

    poll: str
    key: int
    option: str
    results: PollResults | None


def mine(event: Event, ticket: Ticket | None) -> dict[str, Any]:
    """The context of ``_mine.html``: all of its parts."""
    if ticket is None:
        return {"event": event, "ticket": None}
    return {"event": event, "ticket": ticket, **voted(event, ticket), **chosen(event, ticket), **asked(event, ticket)}


def voted(event: Event, ticket: Ticket) -> dict[str, Any]:
    return {"voted": list(event.asked.filter(votes__ticket=ticket, state=AskedState.SHOWN).order_by("at", "pk"))}


def asked(event: Event, ticket: Ticket) -> dict[str, Any]:
    found = event.asked.filter(ticket=ticket).order_by("-at", "-pk")
    return {"asked": [Own(each.text, each.get_state_display(), TONES[AskedState(each.state)]) for each in found]}


def chosen(event: Event, ticket: Ticket) -> dict[str, Any]:
    choices = (
        PollVote.objects.filter(ticket=ticket, poll__event=event)
        .exclude(poll__state=PollState.DRAFT)
        .select_related("poll", "option")
        .order_by("-poll__at")
    )
    return {"chosen": [choice_of(choice) for choice in choices]}


def choice_of(choice: PollVote) -> Chosen:
    poll = choice.poll
    return Chosen(poll.text, choice.option_id, choice.option.text, None if poll.shows_results else PollResults.of(poll))
