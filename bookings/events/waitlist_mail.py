"""Mail to those who wait. Called inside the verb's transaction; imports no model."""

from typing import Any

from django.urls import reverse
from django.utils.translation import override

from clocks import when
from links.tokens import absolute
from post.mail import post

FOLDER = "events/waiters/mail"


def write(entry: Any, name: str, count: int = 0) -> None:
    """Write one of the mails of FOLDER to a party. ``count``: the places that it is about."""
    event, tz = entry.event, entry.event.tz
    with override(entry.language):
        context = {
            "event": event.title,
            "where": event.hall.name,
            "when": when(event.starts_at, tz),
            "type": entry.type.name,
            "size": entry.size,
            "least": entry.least,
            "count": count,
            "until": when(entry.offered_until, tz) if name == "offered" else "",
            "is_cancelled": event.state == "cancelled",
            "minutes": event.offer_minutes,
            "link": absolute(entry.get_absolute_url()),
            "page": absolute(reverse("events:event", args=[event.slug])),
        }
    about = (
        None if name == "known" else entry
    )  # strangers cause that one: it is no news of the entry, and moves no offer
    post(f"{FOLDER}/{name}", entry.email, context, entry.language, about=about)
