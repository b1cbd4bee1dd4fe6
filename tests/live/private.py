"""Private regions to test asking again with, and who watches them."""

import asyncio

from live.access import Access
from tests.live.people import Browser, People, working_hub

CROWD = 1500


class Private(People):
    """``checks`` has a function for each address; what it returns is the answer of ``allows``."""

    public = False
    checks = {}

    def __init__(self, query=None, language=None, address="private"):
        super().__init__(query, language, address=address)

    def allows(self, user):
        return self.checks[self.address](self, user)


class Visitor(Browser):
    """Somebody who watches a region with a session, or a public one without."""

    def __init__(self, hub, region, session_key=None):
        access = None if region.public else Access(region.address, session_key, region.copy())
        super().__init__("", access=access)
        self.texts = []
        assert hub.join(region, region.topics(), self.socket)

    def take(self, text):
        self.texts.append(text)

    @property
    def beats(self):
        return sum('"beat"' in text for text in self.texts)


def run(body):
    async def with_hub():
        async with working_hub() as hub:
            await body(hub)

    asyncio.run(asyncio.wait_for(with_hub(), 60))
