from live.health import Trouble, check
from tracking.flights.models import Source


@check("feed", vital=False)
def feed() -> None:
    """Whether all sources still call. It is not vital: another process would have no more news."""
    sources = Source.objects.in_use()
    silent = sum(source.is_silent for source in sources)
    if silent:
        raise Trouble(f"{silent} of {len(sources)} silent")
