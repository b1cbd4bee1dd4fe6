"""Where an embed was last seen: the origin of the page around it, and nothing about who looked."""

from contextlib import suppress

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils import timezone

from embeds import topics
from embeds.frames.framing import is_in_a_frame, own_origin, site_of
from embeds.models import Embed, Sighting
from links.recording import briefly
from live.outbox import publish

EVERY = 60  # seconds between two writes for one embed and site
MOST = 50  # sites of one embed: anybody can send any Referer


def record(embed: Embed, request: HttpRequest) -> None:
    """Record where it is shown. What can't be written now is left: the next visitor is not far."""
    site = site_of(request)
    if not is_in_a_frame(request) or site == own_origin(request):
        return
    if not cache.add(f"embed-seen-{embed.pk}-{site}", 1, EVERY):
        return
    with suppress(DatabaseError), briefly():
        write(embed, site)


def write(embed: Embed, site: str) -> None:
    now = timezone.now()
    with transaction.atomic():
        if not embed.sightings.filter(site=site).update(last_at=now):
            if embed.sightings.count() >= MOST:
                return
            Sighting.objects.get_or_create(embed=embed, site=site, defaults={"first_at": now, "last_at": now})
        publish(topics.embed_seen(embed.pk))
