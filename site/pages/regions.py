from live.regions import Region


class ConnectionCheck(Region):
    """A region that never changes: the connection check asks for its fragment, to see whether pages can poll."""

    path, public = "connection/", True
    template = "pages/_connection.html"

    def topics(self) -> list[str]:
        return []
