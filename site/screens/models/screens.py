"""A screen that nobody touches: where it hangs, how it is read, and what it shows when."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

import languages
from links.models import Linked, LinkedQuerySet
from live.outbox import publish
from live.regions import ListRegion
from pages.nav import home_zone
from screens import sizes, topics
from screens.contents import CONTENTS, Content
from verbs.history import Change
from verbs.models import Tracked, verb
from verbs.refusals import Refused

MOST_HOURS = 12


class State(models.TextChoices):
    NEW = "new", _("Not paired")
    PAIRED = "paired", _("Paired")
    REVOKED = "revoked", _("Revoked")


class Orientation(models.TextChoices):
    LANDSCAPE = "landscape", _("Landscape")
    PORTRAIT = "portrait", _("Portrait")


class Theme(models.TextChoices):
    DARK = "dark", _("Dark")
    LIGHT = "light", _("Light")


class ScreenQuerySet(LinkedQuerySet["Screen"]):
    def set_up(self, by: Any = None, **fields: Any) -> "Screen":
        """A new screen, not paired yet."""
        screen: Screen = self.model(**fields).begin("set_up", by=by)
        return screen

    def reload_all(self, by: Any = None) -> int:
        """Have every paired screen reload. Returns how many."""
        with transaction.atomic():
            screens = list(self.filter(state=State.PAIRED))
            for screen in screens:
                screen.reload(by=by)
        return len(screens)


class Screen(Linked, Tracked):
    """A kiosk screen. Its token is its key: it is bound to one device by pairing, and worthless once it is revoked.

    ``reload_before``: a page that was loaded earlier reloads.
    """

    link_view = "screens:start"
    LEGAL: ClassVar = {"pair": tuple(State), "revoke": (State.PAIRED,), "reload": (State.PAIRED,)}
    TRACKED: ClassVar = (
        "state",
        "link_version",
        "name",
        "place",
        "zone",
        "orientation",
        "inches",
        "distance",
        "languages",
        "theme",
        "contact",
        "reload_before",
    )

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    place = models.CharField(_("place"), max_length=120, help_text=_("Where somebody finds it, in words."))
    zone = models.SlugField(
        _("zone"), max_length=40, blank=True, help_text=_("Screens of one zone get its emergency messages.")
    )
    orientation = models.CharField(_("orientation"), max_length=9, choices=Orientation, default=Orientation.LANDSCAPE)
    inches = models.PositiveSmallIntegerField(
        _("panel, in inches"), default=55, validators=[MinValueValidator(10), MaxValueValidator(150)]
    )
    distance = models.DecimalField(
        _("reading distance, in metres"),
        max_digits=4,
        decimal_places=1,
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(40)],
    )
    languages = models.CharField(_("languages"), max_length=40, default="en")  # codes, with commas: en,de
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.DARK)
    contact = models.EmailField(_("mail about troubles to"), blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.NEW, editable=False)
    reload_before = models.DateTimeField(_("reload pages loaded before"), null=True, blank=True, editable=False)

    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("screen")
        verbose_name_plural = _("screens")
        permissions = [("send_message", _("Can send emergency messages to screens"))]

    def __str__(self) -> str:
        return self.name

    @property
    def is_portrait(self) -> bool:
        return self.orientation == Orientation.PORTRAIT

    @property
    def rows_per_page(self) -> int:
        return sizes.rows_per_page(self.inches, float(self.distance), self.is_portrait)

    @property
    def language_codes(self) -> list[str]:
        """In the order in which they take turns. Never empty."""
        return languages.known(self.languages.split(","), settings.LANGUAGE_CODE)

    @property
    def shown_now(self) -> "Hours | None":
        """What it should show now."""
        return self.shown_at(timezone.now())

    def shown_at(self, now: datetime, zone: ZoneInfo | None = None) -> "Hours | None":
        """What it should show at this moment: the hours that began last, by the clock of the airport.

        In the night in which the clock is put back, hours within the repeated hour begin once.
        """
        all_hours = list(self.hours.all())
        if len(all_hours) < 2:
            return all_hours[0] if all_hours else None
        begun = [(start, hours) for start, hours in starts(all_hours, now, zone or home_zone()) if start <= now]
        return max(begun, key=lambda pair: (pair[0], pair[1].begins))[1]

    def changes_at(self, now: datetime, zone: ZoneInfo | None = None) -> datetime | None:
        """When its next hours begin."""
        all_hours = list(self.hours.all())
        if len(all_hours) < 2:
            return None
        return min(start for start, _hours in starts(all_hours, now, zone or home_zone()) if start > now)

    @verb
    def pair(self) -> None:
        """Bind it to the device that shows the code. A device that had its key before loses it."""
        self.revoke_links()
        self.state = State.PAIRED

    @verb
    def revoke(self) -> None:
        """End its key. An open page closes at once."""
        self.revoke_links()
        self.state = State.REVOKED

    @verb
    def reload(self) -> None:
        """Have its page load again."""
        self.reload_before = timezone.now()

    @verb
    def show(self, begins: time, shows: str, settings: dict[str, Any], instead: "Hours | None" = None) -> None:
        """Show this from a time of the day on; ``instead`` of what was set before."""
        others = self.hours.exclude(pk=instead.pk) if instead else self.hours
        if others.filter(begins=begins).exists():
            raise Refused(_t("From %(time)s on it shows something already.") % {"time": f"{begins:%H:%M}"})
        if not instead and self.hours.count() >= MOST_HOURS:
            raise Refused(_t("A screen shows %(most)s things a day at most.") % {"most": MOST_HOURS})
        hours = instead or Hours(screen=self)
        hours.begins, hours.shows, hours.settings = begins, shows, settings
        hours.save()

    @verb
    def stop_showing(self, hours: "Hours") -> None:
        """What it showed before that, it shows on."""
        hours.delete()

    def snapshot(self) -> dict[str, str]:
        shown = [f"{hours.begins:%H:%M} {hours.title}" for hours in self.hours.order_by("begins")]
        return {**super().snapshot(), "hours": "; ".join(shown)}

    @verb
    def change(self, /, **fields: Any) -> None:
        """Set it up in another way."""
        for name, value in fields.items():
            setattr(self, name, value)

    def remove(self) -> None:
        """Delete it, with its history."""
        with transaction.atomic():
            topics_before = self.topics()
            self.delete()
            publish(*topics_before)

    def topics(self) -> list[str]:
        return [topics.screens(), topics.screen(self.pk)]


class ScreenChange(Change):
    screen = models.ForeignKey(Screen, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["screen", "revision"])]


class Hours(models.Model):
    """What a screen shows from a time of the day on, until its next hours begin. Its first hours also are those of the night before."""

    screen = models.ForeignKey(Screen, models.CASCADE, related_name="hours")
    begins = models.TimeField(_("from"), default=time(0))
    shows = models.CharField(_("shows"), max_length=20)  # the name of a Content
    settings = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("what it shows")
        verbose_name_plural = _("what it shows")
        ordering = ["begins"]
        constraints = [models.UniqueConstraint(fields=["screen", "begins"], name="one_content_at_a_time")]

    def __str__(self) -> str:
        return f"{self.screen} {self.begins:%H:%M} {self.shows}"

    @property
    def content(self) -> Content | None:
        """None if no app has such a content any more."""
        return CONTENTS.get(self.shows)

    @property
    def title(self) -> str:
        return self.content.title(self.settings) if self.content else self.shows

    def region(self, languages: Sequence[str]) -> ListRegion | None:
        """The live list that it shows."""
        return self.content.region(self.settings, languages) if self.content else None


def starts(all_hours: Sequence[Hours], now: datetime, zone: ZoneInfo) -> list[tuple[datetime, Hours]]:
    """When each of them begins: yesterday, today and tomorrow, by the clock of this zone."""
    days = [now.astimezone(zone).date() + timedelta(days=number) for number in (-1, 0, 1)]
    return [(datetime.combine(day, hours.begins, zone).astimezone(UTC), hours) for day in days for hours in all_hours]
