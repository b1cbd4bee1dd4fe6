"""The topics of events: what can change."""


def events() -> str:
    """Which events there are, their titles, times and states."""
    return "events"


def places(event: int) -> str:
    """Any place of an event: sold, held, offered, freed; its ticket types, quotas and vouchers. Its waitlist too."""
    return f"event-places-{event}"


def guests(event: int) -> str:
    """Any registration of an event, for its organisers."""
    return f"event-guests-{event}"


def programme(event: int) -> str:
    """Sessions and rooms of an event."""
    return f"event-programme-{event}"


def present(event: int) -> str:
    """What everybody present sees, but for votes: announcements, chat, questions, polls, and what is on the stage's screen."""
    return f"event-present-{event}"


def votes(event: int) -> str:
    """The votes for the questions of an event, and the choices in its polls."""
    return f"event-votes-{event}"


def moderation(event: int) -> str:
    """What waits for a moderator."""
    return f"event-moderation-{event}"


def registration(pk: int) -> str:
    return f"registration-{pk}"


def waiting(pk: int) -> str:
    """One entry of a waitlist, for the page of its party."""
    return f"event-waiting-{pk}"


def door(event: int) -> str:
    """Scans at the doors of an event."""
    return f"event-door-{event}"


def hall(pk: int) -> str:
    """How many people are inside a hall, over all events and doors."""
    return f"hall-{pk}"


def registrations_of(user: int) -> str:
    """All registrations of an account, and what it waits for."""
    return f"event-registrations-{user}"


def own_programme(ticket: int) -> str:
    """Which sessions the holder of a ticket has chosen."""
    return f"event-own-{ticket}"
