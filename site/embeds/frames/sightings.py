"""Where an embed was last seen: the origin of the page around it, and nothing about who looked."""

from contextlib import suppress
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils import timezone

from embeds import topics
from embeds.frames.framing import is_in_a_frame, own_origin, site_of
from embeds.models import Embed, Sighting
from links.recording import briefly
from live.outbox import publish

EVERY = timedelta(minutes=1)  # between two writes for one embed and site
MOST = 50  # sites of an embed that any site may show: anybody can send any Referer
FORGOTTEN = timedelta(days=30)  # after which another site may take the place of one


def record(embed: Embed, request: HttpRequest) -> None:
    """Record where it is shown. What can't be written now is left: the next visitor is not far."""
    site = site_of(request)
    if not is_in_a_frame(request) or site == own_origin(request):
        return
    if site and embed.listed_sites and site not in embed.listed_sites:
        return  # made up, or hidden by the page around: browsers show it on the sites of the list only
    with suppress(DatabaseError), briefly():
        write(embed, site)


def write(embed: Embed, site: str) -> None:
    now = timezone.now()
    known = embed.sightings.filter(site=site).first()
    if known and now - known.last_at < EVERY:
        return
    with transaction.atomic():
        if known:
            embed.sightings.filter(pk=known.pk).update(last_at=now)
        elif embed.sightings.count() < MOST:
            Sighting.objects.get_or_create(embed=embed, site=site, defaults={"first_at": now, "last_at": now})
        else:
            embed.sightings.filter(last_at__lt=now - FORGOTTEN).delete()
            return
        publish(topics.sightings())
