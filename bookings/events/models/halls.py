"""A hall or lounge of the terminal: where events are, and how many people its fire limit lets in."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.flights.models import Airport


class Hall(models.Model):
    """Its row is the lock of who is inside. ``fire_limit``: people inside at one time over all doors and events; None for no limit."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    airport = models.ForeignKey(Airport, models.PROTECT, related_name="halls", verbose_name=_("airport"))
    where = models.CharField(_("where"), max_length=80, help_text=_("Terminal 5, above gate B22"))
    fire_limit = models.PositiveIntegerField(_("fire limit: people inside"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("hall")
        verbose_name_plural = _("halls")

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return self.airport.tz

    def lock(self) -> None:
        """Keep who is inside as it is until the transaction ends."""
        self.refresh_from_db(from_queryset=Hall.objects.select_for_update(no_key=True))
