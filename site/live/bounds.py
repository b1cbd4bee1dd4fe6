"""What one address may watch at once in this process, so that no client takes what all need."""

from collections import Counter

from django.conf import settings

from limits import Rate, Shares, neighbourhood
from live.regions import Region

# Opening a socket costs a millisecond also where it is refused: more are turned away before (server/connections.py).
handshakes = Rate("handshakes", settings.HANDSHAKES_A_SECOND, burst=settings.SOCKETS_PER_ADDRESS)
IN_VAIN = 20  # times as much counts one that was refused


class Bounds:
    """Counts each address's sockets, the regions that it watches, and among these the ones with a filter.

    A filter is any text in an address, such as a search: there is no end of them, and each is a region that is rendered
    for itself. Sockets that watch the same region share it.
    """

    def __init__(self) -> None:
        self.sockets = Shares("sockets", settings.SOCKETS_PER_ADDRESS)
        self.regions = Shares("regions", settings.REGIONS_PER_ADDRESS)
        self.filters = Shares("filters", settings.FILTERS_PER_ADDRESS)
        self.watching: Counter[tuple[str, str]] = Counter()  # sockets by address and region

    def watch(self, client: str, region: Region) -> bool:
        """Count one more socket of this client to a region. False where that is one region too many."""
        key = neighbourhood(client), region.address
        if not self.watching[key]:
            if not self.regions.take(client):
                handshakes.take(client, IN_VAIN)
                return False
            if region.filters and not self.filters.take(client):
                self.regions.give_back(client)
                handshakes.take(client, IN_VAIN)
                return False
        self.watching[key] += 1
        return True

    def unwatch(self, client: str, region: Region) -> None:
        key = neighbourhood(client), region.address
        self.watching[key] -= 1
        if not self.watching[key]:
            del self.watching[key]
            self.regions.give_back(client)
            if region.filters:
                self.filters.give_back(client)
