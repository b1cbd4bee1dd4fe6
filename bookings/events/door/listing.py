"""The list of tickets that a device keeps, so that a door works without a network.

It has no names and no codes: a hash of each ticket's code, keyed for the session of the device, with the verdict that the
server would give. What a device can't know is said in words, before the doors open.
"""

import base64
import hmac
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from bookings.events.models import CheckInList, Scan, Way
from bookings.events.models.door_rules import reason_of_list, reason_of_ticket

SALT = "events.door"
DIGEST = 16  # bytes


def listing(list_: CheckInList, session: str, user: Any) -> dict[str, Any]:
    """``tickets``: by the hash of the code, the reason against it ("" for none), and "in" or "left" for those scanned before.

    ``salt``: the key of the hashes, in base64. ``token``: signed, comes back with each scan that the device queues.
    """
    now, key = timezone.now(), key_of(list_, session)
    left = set(
        Scan.objects.filter(list=list_, way=Way.ENTRY, let_in=True)
        .exclude(ticket=None)
        .values_list("ticket", flat=True)
    )
    tickets = {}
    for ticket in list_.event.tickets.select_related("registration", "event").order_by("pk"):
        reason = reason_of_ticket(ticket, now) or reason_of_list(list_, ticket, list_.type_keys)
        was = "in" if ticket.is_inside else "left" if ticket.pk in left else ""
        tickets[digest(key, ticket.secret)] = [str(reason), was]
    return {
        "made_at": milliseconds(now),
        "salt": base64.b64encode(key).decode(),
        "token": token_of(user, list_),
        "opens_at": milliseconds(list_.opens_at),
        "closes_at": milliseconds(list_.closes_at),
        "allows_reentry": list_.allows_reentry,
        "tickets": tickets,
    }


def cannot_know(list_: CheckInList) -> list[str]:
    """What a device without a network can't evaluate at this door, in sentences."""
    found = [
        _("What other doors have done since the list was loaded: a ticket may be inside already."),
        _("What was sold, paid, changed or cancelled since the list was loaded."),
        _("References and tickets of other events: only codes of this event are known."),
    ]
    limit = list_.event.hall.fire_limit
    if limit is not None:
        words = {"limit": limit, "hall": list_.event.hall.name}
        found.append(_("How many people are inside: the limit of %(limit)s for %(hall)s. Count at the door.") % words)
    return found


def key_of(list_: CheckInList, session: str) -> bytes:
    """Differs by session: hashes of one device say nothing of another's."""
    return salted_hmac(SALT, f"{session}-{list_.pk}", algorithm="sha256").digest()


def digest(key: bytes, code: str) -> str:
    return base64.b64encode(hmac.new(key, code.encode(), sha256).digest()[:DIGEST]).decode()


def milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)


def token_of(user: Any, list_: CheckInList) -> str:
    """Says who stood at the door, for scans that somebody else may send later on the same device."""
    return signing.dumps({"user": user.pk, "list": list_.pk}, salt=SALT)


def scanned_by(token: str, list_: CheckInList, user: Any) -> Any:
    """Who stood at the door; who sends it where the token says nothing of it."""
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return user
    return User.objects.filter(pk=said["user"]).first() if said["list"] == list_.pk else user
