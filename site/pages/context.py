from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pages import nav
from post import strangers
from post.health import late_mail
from version import VERSION


def site(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page shows. A view that is about another airport passes its own ``page_airport``."""
    return {
        "home_airport": settings.HOME_AIRPORT,
        "page_airport": SimpleLazyObject(nav.home_airport),
        "links": SimpleLazyObject(lambda: nav.links(request)),
        "release": settings.RELEASE,
        "version": VERSION,
        "late_mail": SimpleLazyObject(lambda: late_mail() if strangers.is_staff(request) else None),
        "mails_per_recipient": settings.MAILS_PER_RECIPIENT,
    }
