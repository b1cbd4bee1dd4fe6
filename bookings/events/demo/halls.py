"""The halls of the demo's airport, all made up."""

from bookings.events.models import Hall

# address → name, where it is, its fire limit
HALLS = {
    "blue-hour-lounge": ("Blue Hour Lounge", "Terminal 4, concourse B, beside gate B32", 60),
    "hangar-room": ("Hangar Room", "Terminal 8, arrivals level, opposite belt 4", 180),
    "skyline-hall": ("Skyline Hall", "Terminal 5, mezzanine, before security", 240),
}


def hall(slug: str) -> Hall:
    """The hall, made if it is missing."""
    name, where, limit = HALLS[slug]
    fields = {"name": name, "where": where, "fire_limit": limit, "airport_id": "JFK"}
    return Hall.objects.select_related("airport").get_or_create(slug=slug, defaults=fields)[0]
