import os
import time
from pathlib import Path

from live.regions import Region


class Blocked(Region):
    """Its query waits as long as the file is there that BLOCKS names."""

    path, public = "blocked/", True
    template = "blocked.html"

    def topics(self):
        return ["blocked"]

    def context(self):
        deadline = time.monotonic() + 60
        while Path(os.environ["BLOCKS"]).exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        return {}
