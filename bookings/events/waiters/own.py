"""The entries of a waitlist that the site knows to be those of the visitor, and what a stranger is told instead."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bookings.events.models import Event, WaitlistEntry
from strangers import contact_of

ENTRIES = "event_waiting"  # in the session: {key of an entry: the token by which this browser has opened it}
MOST = 20


def remember_entry(request: HttpRequest, entry: WaitlistEntry) -> None:
    """The browser has opened this entry: the pages of its event lead there from now on."""
    others = {key: token for key, token in opened(request).items() if key != str(entry.pk)}
    latest = dict(list(others.items())[1 - MOST :])
    request.session[ENTRIES] = {**latest, str(entry.pk): entry.token}


def entries_of(request: HttpRequest, event: Event) -> list[WaitlistEntry]:
    """The open entries of the account, and those whose link this browser has opened. That it has joined does not count:
    anybody can type any address, and then would see whether it waited before."""
    tokens, user = opened(request), request.user
    if not tokens and not user.is_authenticated:
        return []
    own = Q(pk__in=tokens)
    if user.is_authenticated:
        own |= Q(user=user) | Q(contact=contact_of(user.email))
    found = event.waitlist.open().filter(own).select_related("type")
    return [entry for entry in found if is_of(user, entry) or tokens.get(str(entry.pk)) == entry.token]


def is_of(user: Any, entry: WaitlistEntry) -> bool:
    return bool(user.is_authenticated and (entry.user_id == user.pk or entry.contact == contact_of(user.email)))


def owner_of(request: HttpRequest, email: str) -> Any:
    """The account whose confirmed mail address this is, if it is signed in."""
    user = request.user
    return user if user.is_authenticated and contact_of(user.email) == contact_of(email) else None


def say_written(request: HttpRequest, email: str) -> None:
    """The same words whether the address has just joined or waited before."""
    words = _("We have written to %(email)s. The link in that mail shows where you are in line.")
    messages.success(request, words % {"email": email})


def opened(request: HttpRequest) -> dict[str, str]:
    found: dict[str, str] = request.session.get(ENTRIES, {})
    return found
