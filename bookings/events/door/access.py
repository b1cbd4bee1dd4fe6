"""Who may stand at a door, and who may see what went wrong there. For everybody else there is no such page."""

from typing import Any

from django.http import Http404

from bookings.events.models import CheckInList, Event


def at_doors(user: Any, **captured: Any) -> dict[str, Any]:
    """The event, and its list where the address names one: for organisers and for staff of the doors."""
    events = Event.objects.with_door_of(user)
    if "slug" in captured:
        captured["event"] = events.named(captured.pop("slug"))
    if "list_" in captured:
        found = CheckInList.objects.filter(event=captured["event"], pk=captured["list_"]).first()
        if found is None:
            raise Http404
        found.event = captured["event"]
        captured["list_"] = found
    return captured


def organises(user: Any, slug: str, **captured: Any) -> dict[str, Any]:
    """For organisers only."""
    return {"event": Event.objects.of(user).named(slug), **captured}


def anybody_at_doors(user: Any) -> dict[str, Any]:
    """The events at whose doors somebody may stand. Http404 where there are none."""
    events = Event.objects.with_door_of(user)
    if not events.exists():
        raise Http404
    return {"events": events}
