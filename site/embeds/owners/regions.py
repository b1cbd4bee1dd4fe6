"""What owners see of their embeds, live."""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clocks import short_when, today
from embeds import topics
from embeds.models import Embed, State
from live.regions import ListRegion, Region
from pages.nav import home_airport

MOST = 200  # embeds in a list


class EmbedRow(NamedTuple):
    id: int
    name: str
    shows: str
    sites: str
    seen: str  # when and where last, in words; "" if never
    state: str
    is_revoked: bool


def may_see_all(user: Any) -> bool:
    return bool(user.has_perm("embeds.view_embed"))


def embeds_for(user: Any) -> Any:
    """A user's own embeds; those of all for staff who may see them."""
    if not user.is_authenticated:
        return Embed.objects.none()
    return Embed.objects.all() if may_see_all(user) else Embed.objects.filter(owner=user)


class OwnEmbeds(ListRegion):
    """The embeds of one user, by the user's key; staff have a list of all under ``all``."""

    path = "embeds/<slug:whose>/"
    template, row_template = "embeds/owners/_list.html", "embeds/owners/_row.html"
    row_prefix = "embed-"
    whose: str

    def allows(self, user: Any) -> bool:
        return may_see_all(user) if self.whose == "all" else str(user.pk) == self.whose

    def topics(self) -> list[str]:
        return [topics.embeds()]

    def rows(self) -> list[EmbedRow]:
        embeds = Embed.objects.all() if self.whose == "all" else Embed.objects.filter(owner_id=int(self.whose))
        found = embeds.annotate(seen_at=Max("sightings__last_at")).prefetch_related("sightings")[:MOST]
        return [
            EmbedRow(
                embed.pk,
                embed.name,
                title_of(embed),
                ", ".join(site.partition("://")[2] for site in embed.listed_sites) or _("any site"),
                last_seen(embed),
                embed.get_state_display(),
                embed.state == State.REVOKED,
            )
            for embed in found
        ]


def title_of(embed: Embed) -> str:
    """What it shows, in words; its thing may be gone."""
    if embed.kind is None:
        return embed.widget
    try:
        return embed.kind.title(embed.thing)
    except Http404:
        return _("%(widget)s: no longer there") % {"widget": embed.kind.label}


def last_seen(embed: Embed) -> str:
    sightings = embed.sightings.all()
    if not sightings:
        return ""
    newest = max(sightings, key=lambda sighting: sighting.last_at)
    words = {"when": when(newest.last_at), "site": newest.site.partition("://")[2] or _("a page that does not say")}
    return _("%(when)s on %(site)s") % words


def when(moment: datetime) -> str:
    zone = ZoneInfo(home_airport().zone)
    return short_when(moment, zone, today(zone))


class EmbedState(Region):
    """Where one embed was seen."""

    path = "embed-state/<int:pk>/"
    template = "embeds/owners/_state.html"
    pk: int

    @cached_property
    def embed(self) -> Embed:
        found = Embed.objects.filter(pk=self.pk).first()
        if found is None:
            raise Http404(f"No embed {self.pk}")
        return found

    def allows(self, user: Any) -> bool:
        return bool(embeds_for(user).filter(pk=self.pk).exists())

    def topics(self) -> list[str]:
        return [topics.embed(self.pk), topics.embed_seen(self.pk)]

    def context(self) -> dict[str, Any]:
        seen = [
            (sighting.site.partition("://")[2], when(sighting.last_at)) for sighting in self.embed.sightings.all()[:20]
        ]
        return {"embed": self.embed, "shows": title_of(self.embed), "seen": seen}
