"""The topics of flights: what can change."""


def board(iata: str) -> str:
    """Departures and arrivals of one airport."""
    return f"flight-board-{iata}"


def flight(pk: int) -> str:
    return f"flight-{pk}"


def flights() -> str:
    """Any flight, anywhere."""
    return "flights"


def feeds() -> str:
    """When sources last called, and which are silent."""
    return "flight-feeds"


def names() -> str:
    """The names of airports and airlines, and the time zones of airports."""
    return "flight-names"
