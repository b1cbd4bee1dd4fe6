"""Embeds: a widget in somebody's page, with the sites that may show it and a key that can be revoked."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from embeds import topics
from embeds.origins import valid_origins
from embeds.registry import WIDGETS, Widget
from links.models import Linked, LinkedQuerySet
from verbs.history import Change
from verbs.models import Tracked, verb
from verbs.refusals import Refused

MOST = 100  # embeds of one owner, in use


class State(models.TextChoices):
    IN_USE = "in_use", _("In use")
    REVOKED = "revoked", _("Revoked")


class EmbedQuerySet(LinkedQuerySet["Embed"]):
    def make(self, by: Any, **fields: Any) -> "Embed":
        """An embed of this user. Raises Refused where they have too many, or where a private one names no site."""
        with transaction.atomic():
            get_user_model()._default_manager.select_for_update().get(pk=by.pk)  # two at once count the same otherwise
            if self.filter(owner=by, state=State.IN_USE).count() >= MOST:
                raise Refused(_t("You have %(most)s widgets in use. Withdraw one first.") % {"most": MOST})
            embed: Embed = self.model(owner=by, **fields).begin("make", by=by)
        return embed


class Embed(Linked, Tracked):
    """``widget`` and ``thing`` say what it shows (embeds.registry), ``sites`` who may: one origin a line, "" for any site.

    The token of an embed is its key. A private widget opens with its key only, and on the listed sites only.
    """

    link_view = "embeds:keyed"
    LEGAL: ClassVar = {"revoke": (State.IN_USE,), "change": (State.IN_USE,)}
    TRACKED: ClassVar = ("state", "name", "sites")

    widget = models.CharField(max_length=20)
    thing = models.CharField(max_length=100)
    name = models.CharField(_("name"), max_length=60, help_text=_("For you, to find it again."))
    sites = models.TextField(
        _("sites that may show it"),
        blank=True,
        help_text=_("One address a line, such as https://hotel.example. Empty: any site."),
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="embeds")
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.IN_USE, editable=False)

    objects = EmbedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("embed")
        verbose_name_plural = _("embeds")

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> Widget | None:
        """Its widget; None if no app registers it any more."""
        return WIDGETS.get(self.widget)

    def check_rules(self) -> None:
        if self.kind is not None and self.kind.is_private and not self.listed_sites:
            raise Refused(_t("Name the sites that may show it: it is private."))

    @property
    def is_open(self) -> bool:
        """Whether it is shown: in use, and what it shows is still its owner's."""
        if self.state != State.IN_USE or self.kind is None or not self.owner.is_active:
            return False
        return self.kind.may(self.owner, self.thing)

    @property
    def listed_sites(self) -> list[str]:
        """The origins of its list, as browsers send them."""
        return valid_origins(self.sites)

    @verb
    def change(self, name: str, sites: str) -> None:
        self.name, self.sites = name, sites

    @verb
    def revoke(self) -> None:
        """End its key. Open widgets say so at once."""
        self.revoke_links()
        self.state = State.REVOKED

    def topics(self) -> list[str]:
        return [topics.embeds(), topics.embed(self.pk)]


class EmbedChange(Change):
    embed = models.ForeignKey(Embed, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["embed", "revision"])]


class Sighting(models.Model):
    """A site that has shown an embed. Only its origin is kept, and nothing about who looked."""

    embed = models.ForeignKey(Embed, models.CASCADE, related_name="sightings")
    site = models.CharField(max_length=200)  # an origin; "" where the browser does not say
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-last_at"]
        constraints = [models.UniqueConstraint(fields=["embed", "site"], name="one_sighting_for_each_site")]

    def __str__(self) -> str:
        return f"{self.embed} on {self.site}"
