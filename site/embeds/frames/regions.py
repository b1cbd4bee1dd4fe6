"""The live part of a widget with a key: the widget's own region, for as long as the key is good."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, cast

from django.http import Http404, QueryDict
from django.utils.functional import cached_property
from django.utils.translation import override

from embeds import topics
from embeds.models import Embed, State
from embeds.registry import Widget
from links.models import LinkedQuerySet
from links.regions import LinkRegion
from live.regions import MAX_FILTER, Region, Snapshot

NAME = re.compile(r"[a-z_]{1,20}")
NOT_FILTERS = {"v", "lang", "theme", "accent", "density"}
MOST = 8  # filters of one widget


class KeyedWidget(LinkRegion):
    """Shows what the widget's own region shows, under the same DOM id. It closes once the key is revoked, or the thing is
    its owner's no more.

    Which filters there are depends on the widget, so all are handed on, and the widget takes those that it knows.
    """

    path, stays = "embed/keyed/<str:token>/", True
    template = "embeds/_over.html"  # never shown: the inner region has its own

    def __init__(
        self, query: Mapping[str, Any] | QueryDict | None = None, language: str | None = None, **captured: Any
    ) -> None:
        super().__init__(None, language, **captured)
        asked = {name: str(value).strip()[:MAX_FILTER] for name, value in (query or {}).items()}
        names = sorted(name for name, value in asked.items() if value and NAME.fullmatch(name))
        self.filters = {name: asked[name] for name in names if name not in NOT_FILTERS}
        self.filters = dict(list(self.filters.items())[:MOST])

    def things(self) -> LinkedQuerySet[Any]:
        return Embed.objects.filter(state=State.IN_USE).select_related("owner")

    @property
    def embed(self) -> Embed:
        return cast(Embed, self.thing)

    @property
    def kind(self) -> Widget:
        if self.embed.kind is None:
            raise Http404("No app has this widget any more")
        return self.embed.kind

    @cached_property
    def inner(self) -> Region:
        with override(self.language):
            return self.kind.region(self.embed.thing, self.filters)

    def allows(self, user: object) -> bool:
        embed = self.things().with_token(self.token).first()
        return embed is not None and embed.is_open

    @property
    def id(self) -> str:
        return self.inner.id

    @property
    def rows_id(self) -> str:
        return self.inner.rows_id

    def topics(self) -> Collection[str]:
        return [*self.inner.topics(), topics.embed(self.embed.pk)]

    def render(self, fresh: bool = True) -> Snapshot:
        if fresh:
            self.forget()
        return self.inner.render(fresh)

    def stale_at(self, now: datetime) -> datetime | None:
        return self.inner.stale_at(now)
