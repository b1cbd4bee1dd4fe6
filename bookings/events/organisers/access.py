"""Who organises an event. For everybody else its pages do not exist."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from bookings.events.models import Event, Registration
from bookings.events.models.states import ASKING


def guests_of(event: Event) -> Any:
    """The registrations that organisers see: those whose form was sent."""
    rows = Registration.objects.filter(event=event).exclude(state__in=ASKING).exclude(booked_at=None)
    return rows.select_related("event__hall__airport", "voucher", "flight__airline")


def organisers(user: Any, slug: str, **captured: Any) -> dict[str, Any]:
    """Raises Http404 for everybody else, and for registrations of another event."""
    event = get_object_or_404(Event.objects.of(user).select_related("hall__airport"), slug=slug)
    if (pk := captured.pop("pk", None)) is not None:
        captured["registration"] = get_object_or_404(guests_of(event), pk=pk)
    return {"event": event, **captured}


def anybody_who_organises(user: Any, **captured: Any) -> dict[str, Any]:
    """Raises Http404 for people without an event."""
    if not user.is_superuser and not Event.objects.of(user).exists():
        raise Http404
    return captured
