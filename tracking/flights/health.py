from live.health import Trouble, check
from tracking.flights.models import Source


@check("feed", vital=False)
def feed():
    """Whether the sources that have ever called still do. Boards say so; no process serves better for another's being silent."""
    sources = Source.objects.in_use()
    silent = sum(source.is_silent for source in sources)
    if silent:
        raise Trouble(f"{silent} of {len(sources)} silent")
