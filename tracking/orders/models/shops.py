"""A shop or restaurant that takes orders: where it is, who works there, when it and its kitchen are open, how busy it is."""

from datetime import time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from live.outbox import publish
from money import EXPONENTS
from tracking.flights.models import Airport
from tracking.orders import topics
from tracking.orders.models.busy import Lever

RESERVED_SLUGS = {"order", "mine", "basket", "kitchen", "shops"}  # addresses of pages beside the shops' own


class ShopQuerySet(models.QuerySet["Shop"]):
    def of(self, user: object) -> "ShopQuerySet":
        """Those at which somebody works; all of them for administrators."""
        if getattr(user, "is_superuser", False):
            return self
        return self.filter(staff=user) if getattr(user, "is_authenticated", False) else self.none()

    def named(self, slug: str) -> "Shop":
        """The one with this address, and its airport. Raises Http404 if there is none."""
        found = self.select_related("airport").filter(slug=slug).first()
        if found is None:
            raise Http404(f"No shop {slug}")
        return found


class Shop(Lever, models.Model):
    """Its times of day are in the airport's time zone. All its prices are minor units of ``currency``, with tax."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    airport = models.ForeignKey(Airport, models.PROTECT, related_name="shops", verbose_name=_("airport"))
    about = models.TextField(_("about"), max_length=600, blank=True)
    where = models.CharField(_("where"), max_length=80, help_text=_("Terminal 5, near gate B22"))
    staff = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="shops", blank=True, verbose_name=_("staff"))
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    tax_rate = models.DecimalField(
        _("tax in prices, per cent"),
        max_digits=5,
        decimal_places=3,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes that an order takes"), default=12, help_text=_("Said while there are too few orders to know.")
    )
    delivers = models.BooleanField(_("brings orders to gates"), default=True)
    walk = models.PositiveSmallIntegerField(_("minutes to a gate"), default=8)
    pays_online = models.BooleanField(_("paid online"), default=True, help_text=_("Otherwise at the shop."))
    busy_minutes = models.PositiveSmallIntegerField(_("minutes more while it is busy"), default=0)
    busy_until = models.DateTimeField(_("busy until"), null=True, blank=True)
    paused_until = models.DateTimeField(_("takes no orders until"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)  # of its menu and settings

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("shop")
        verbose_name_plural = _("shops")

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return self.airport.tz

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": gettext("This site uses that address itself. Choose another.")})
        if self.currency not in EXPONENTS:
            raise ValidationError({"currency": gettext("Write the three letters of a currency, such as USD.")})

    def get_absolute_url(self) -> str:
        return reverse("orders:menu", args=[self.slug])

    def lock(self) -> None:
        """Lock it until the transaction ends: before its dishes, where both are locked."""
        Shop.objects.select_for_update(no_key=True).get(pk=self.pk)

    def changed(self) -> None:
        """Its name, its hours, or how busy it is: every page that shows them is told. Within a transaction."""
        self.menu_changed()
        publish(topics.shops())

    def menu_changed(self) -> None:
        """What it sells, or whether that is sold out. Within a transaction."""
        Shop.objects.filter(pk=self.pk).update(revision=models.F("revision") + 1)
        publish(topics.menu(self.pk))


class Hours(models.Model):
    """When a shop is open on some weekdays. Where it closes after midnight, all of it belongs to the day it opens."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="hours")
    weekdays = models.CharField(
        _("weekdays"), max_length=7, default="1234567", help_text=_("1 is Monday, 7 Sunday: 12345 for working days")
    )
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    kitchen_closes = models.TimeField(_("kitchen closes"), null=True, blank=True)

    class Meta:
        ordering = ["opens", "pk"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")

    def __str__(self) -> str:
        return f"{self.weekdays} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        if not self.weekdays or set(self.weekdays) - set("1234567"):
            raise ValidationError({"weekdays": gettext("Write the digits of its days, 1 to 7.")})
        if (
            self.opens
            and self.closes
            and self.kitchen_closes
            and self.after(self.kitchen_closes) > self.after(self.closes)
        ):
            raise ValidationError({"kitchen_closes": gettext("The kitchen closes before the shop closes.")})

    def after(self, at: time) -> timedelta:
        """How long after opening a time of day is; the opening time itself is a day later."""
        minutes = (at.hour - self.opens.hour) * 60 + at.minute - self.opens.minute
        return timedelta(minutes=minutes % (24 * 60) or 24 * 60)


class Closing(models.Model):
    """A time at which a shop is closed although its hours say otherwise."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="closings")
    begins = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=80, blank=True)

    class Meta:
        ordering = ["begins"]
        constraints = [models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="closing_ends")]
        verbose_name = _("closing")
        verbose_name_plural = _("closings")

    def __str__(self) -> str:
        return self.reason or f"{self.begins:%d.%m. %H:%M}"


class Station(models.Model):
    """A place in the kitchen with a screen of its own: grill, bar, pastry."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="stations")
    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("station")
        verbose_name_plural = _("stations")

    def __str__(self) -> str:
        return self.name
