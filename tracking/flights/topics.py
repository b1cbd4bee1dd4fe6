"""The names of what can change in this app."""


def board(iata):
    """Departures and arrivals of one airport."""
    return f"flight-board-{iata}"


def flight(pk):
    return f"flight-{pk}"


def disruptions():
    """What is late, cancelled or diverted, anywhere."""
    return "flight-disruptions"


def feeds():
    """When each source was last heard, and which are silent."""
    return "flight-feeds"
