"""Bounds on the mail that strangers can cause: to one recipient, from one address, and in one session.

A stranger is a person who sends a form and is not staff. Anybody can type anybody's address into a form, so one recipient
gets at most so many mails a day by such forms. The verb succeeds all the same: a mail that is about a booking is kept as
refused, so that its staff see it; any other is left out. What is sent by periodic jobs and by staff is not bounded.
"""

from collections.abc import Callable
from typing import Any

from allauth.core import context
from django.conf import settings
from django.http import HttpRequest
from prometheus_client import Counter

import limits
from limits import HOUR, TooMany

DAY = 24 * HOUR

held = Counter("airside_post_held", "Mails that were not sent, as strangers had caused too many.", ["by"])

works_here: list[Callable[[Any], bool]] = []  # functions that know staff; each app registers its own


def may_cause(to: str) -> bool:
    """Count a mail to this address, and say whether it may be sent."""
    request = context.request
    if request is None or is_staff(request):
        return True
    session = request.session.session_key if hasattr(request, "session") else None
    bounds = [
        ("session", session, settings.MAILS_PER_SESSION, HOUR),
        ("address", limits.address(request), settings.MAILS_PER_ADDRESS, HOUR),
        ("recipient", mailbox(to), settings.MAILS_PER_RECIPIENT, DAY),
    ]
    for by, who, most, within in bounds:
        try:
            if who:
                limits.check(f"mail-{by}", who, most, within)
        except TooMany:
            held.labels(by).inc()
            return False
    return True


def has_proven(to: str) -> None:
    """Somebody has shown that this address is theirs: what strangers have caused is counted anew."""
    limits.forget("mail-recipient", mailbox(to))


def is_staff(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    return user.is_staff or any(works(user) for works in works_here)


def mailbox(to: str) -> str:
    """The mailbox of an address: ``Ada+flights@example.org`` is that of ``ada@example.org``."""
    name, _at, domain = to.strip().lower().rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"
