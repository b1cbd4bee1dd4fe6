"""The names of what can change in this app."""


def board(iata):
    """Departures and arrivals of one airport."""
    return f"flight-board-{iata}"


def flight(pk):
    return f"flight-{pk}"


def flights():
    """Any flight, anywhere."""
    return "flights"


def feeds():
    """When each source was last heard, and which are silent."""
    return "flight-feeds"


def names():
    """What airports and airlines are called, and which clocks airports go by."""
    return "flight-names"
