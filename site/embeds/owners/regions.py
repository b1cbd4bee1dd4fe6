"""What owners see of their embeds, live."""

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clocks import recent
from embeds import topics
from embeds.models import Embed, State
from live.regions import ListRegion, Region
from pages.nav import home_zone

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
        return [topics.embeds(), topics.sightings()]

    def rows(self) -> list[EmbedRow]:
        embeds = Embed.objects.all() if self.whose == "all" else Embed.objects.filter(owner_id=int(self.whose))
        zone = home_zone()
        return [
            EmbedRow(
                embed.pk,
                embed.name,
                title_of(embed),
                ", ".join(site.partition("://")[2] for site in embed.listed_sites) or _("any site"),
                last_seen(embed, zone),
                embed.get_state_display(),
                embed.state == State.REVOKED,
            )
            for embed in embeds.prefetch_related("sightings")[:MOST]
        ]


def title_of(embed: Embed) -> str:
    """What it shows, in words; its thing may be gone."""
    if embed.kind is None:
        return embed.widget
    try:
        return embed.kind.title(embed.thing)
    except Http404:
        return _("%(widget)s: no longer there") % {"widget": embed.kind.label}


def last_seen(embed: Embed, zone: ZoneInfo) -> str:
    newest = next(iter(embed.sightings.all()), None)
    if newest is None:
        return ""
    words = {
        "when": recent(newest.last_at, zone),
        "site": newest.site.partition("://")[2] or _("a page that does not say"),
    }
    return _("%(when)s on %(site)s") % words


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
        return [topics.embed(self.pk), topics.sightings()]

    def context(self) -> dict[str, Any]:
        zone, sightings = home_zone(), self.embed.sightings.all()[:20]
        seen = [(sighting.site.partition("://")[2], recent(sighting.last_at, zone)) for sighting in sightings]
        return {"embed": self.embed, "shows": title_of(self.embed), "seen": seen}
