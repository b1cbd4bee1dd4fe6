"""Pages that a browser keeps, and shows without a network too: the service worker that does it.

An app serves it from a folder of its own, which is then its scope. It keeps the pages that ask for it, and those only that
are marked, so that no sign-in page of a network stands in their place.
"""

import json

from django.conf import settings
from django.http import HttpResponse

KEEPING = "Airside-Keep"  # a request of the worker itself: nobody has opened the page
SOURCE = settings.BASE / "static" / "js" / "kept-worker.js"


def worker_script(pages: str, files: str, mark: str, most: int = 30) -> HttpResponse:
    """The script. ``pages`` and ``files``: names of its caches; ``mark``: the header of an answer that may be kept; ``most``:
    how many pages it keeps."""
    constants = {
        "RELEASE": settings.RELEASE,
        "STATIC": settings.STATIC_URL,
        "KEEPING": KEEPING,
        "MARK": mark,
        "PAGES": pages,
        "FILES_OF": files,
        "MOST": most,
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in constants.items()]
    return HttpResponse("\n".join([*lines, SOURCE.read_text()]), content_type="text/javascript")
