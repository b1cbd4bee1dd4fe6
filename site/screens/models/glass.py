"""What is on the glass of a screen, as its heartbeats say."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screens.models.screens import Screen


class Trouble(models.TextChoices):
    """What is wrong with a screen, the worst first."""

    SILENT = "silent", _("Silent")
    PICTURE = "picture", _("The picture stands still")
    COPIED = "copied", _("Two devices use its key")
    OLD = "old", _("Shows an old board")
    CUT = "cut", _("Not live")
    RELEASE = "release", _("Runs an old release")
    CLOCK = "clock", _("Its clock is wrong")


class Glass(models.Model):
    """The last heartbeat that changed what staff see of a screen. ``trouble`` is "" if it shows what it should.

    A heartbeat arrives every ten seconds. The row is written when ``trouble``, the message, the release, the size or the device changes,
    and once a minute. The newest heartbeat itself is in the cache.
    """

    screen = models.OneToOneField(Screen, models.CASCADE, related_name="glass", primary_key=True)
    seen_at = models.DateTimeField(_("last seen"))
    device = models.CharField(max_length=36)  # new at each load of the page
    loaded_at = models.DateTimeField(null=True)
    release = models.CharField(_("release"), max_length=64)
    engine = models.CharField(_("engine"), max_length=40)
    width = models.PositiveIntegerField(default=0)  # pixels of the device
    height = models.PositiveIntegerField(default=0)
    clock_offset = models.IntegerField(_("clock offset"), default=0)  # ms that the device's clock is ahead of ours
    version = models.CharField(max_length=24, blank=True)  # of the region that was painted last
    version_at = models.DateTimeField(null=True)  # when it arrived there
    painted_at = models.DateTimeField(null=True)
    page, pages = models.PositiveSmallIntegerField(default=0), models.PositiveSmallIntegerField(default=0)
    message = models.PositiveBigIntegerField(null=True)  # the emergency message on the glass
    trouble = models.CharField(_("trouble"), max_length=8, choices=Trouble, blank=True)
    trouble_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when a mail told of it

    def __str__(self) -> str:
        return f"{self.screen}: {self.trouble or 'well'}"

    def is_to_be_told(self, before: datetime) -> bool:
        """Whether it has been in trouble since then, and no mail has told of that trouble."""
        if not self.trouble or self.trouble_at is None or self.trouble_at > before:
            return False
        return self.told_at is None or self.told_at < self.trouble_at

    def tell(self, trouble: str) -> None:
        """What is wrong now, "" for nothing."""
        if trouble != self.trouble:
            self.trouble, self.trouble_at = trouble, timezone.now() if trouble else None
            self.save(update_fields=["trouble", "trouble_at"])
