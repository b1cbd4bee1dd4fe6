"""What a shop sells. An option may be a dish itself: so a combo is a dish whose options are dishes.

What an option costs is said for each dish (``Choice``): the same extra may cost differently on another dish.
"""

import logging
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tracking.orders.models.shops import Shop, Station
from verbs.refusals import Refused

log = logging.getLogger("airside.orders")


class Allergen(models.TextChoices):
    """The 14 groups of Regulation (EU) No 1169/2011, annex II."""

    GLUTEN = "gluten", _("cereals with gluten")
    CRUSTACEANS = "crustaceans", _("crustaceans")
    EGGS = "eggs", _("eggs")
    FISH = "fish", _("fish")
    PEANUTS = "peanuts", _("peanuts")
    SOYA = "soya", _("soya")
    MILK = "milk", _("milk")
    NUTS = "nuts", _("tree nuts")
    CELERY = "celery", _("celery")
    MUSTARD = "mustard", _("mustard")
    SESAME = "sesame", _("sesame")
    SULPHITES = "sulphites", _("sulphites")
    LUPIN = "lupin", _("lupin")
    MOLLUSCS = "molluscs", _("molluscs")


class Diet(models.TextChoices):
    VEGETARIAN = "vegetarian", _("vegetarian")
    VEGAN = "vegan", _("vegan")
    HALAL = "halal", _("halal")
    KOSHER = "kosher", _("kosher")


class Section(models.Model):
    """A part of a menu. With times of day it is served between them only, such as breakfast."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="sections")
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    served_from = models.TimeField(_("served from"), null=True, blank=True)
    served_until = models.TimeField(_("served until"), null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("section of a menu")
        verbose_name_plural = _("sections of menus")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if (self.served_from is None) != (self.served_until is None):
            missing = "served_from" if self.served_from is None else "served_until"
            raise ValidationError({missing: gettext("Write both times, or none.")})

    @property
    def has_times(self) -> bool:
        return self.served_from is not None and self.served_until is not None

    def is_served(self, at: datetime) -> bool:
        """Whether it is served at that time of day at its shop; it may be served over midnight."""
        first, last = self.served_from, self.served_until
        if first is None or last is None:
            return True
        local = at.astimezone(self.shop.tz).time()
        return first <= local < last if first < last else local >= first or local < last


class Dish(models.Model):
    """Something that is sold. ``allergens`` is None where nothing is known, and [] where there are none.

    ``stock`` counts portions, and is None where nobody counts. ``portions_a_day`` come back when the shop opens for the day;
    ``restocked_at`` is the opening at which they last did. ``out_until`` is set by hand: until then it is sold out.
    ``is_combo``: nothing is made of it but the options that are dishes.
    """

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="dishes")
    section = models.ForeignKey(Section, models.CASCADE, null=True, blank=True, related_name="dishes")
    station = models.ForeignKey(Station, models.SET_NULL, null=True, blank=True, related_name="dishes")
    name = models.CharField(_("name"), max_length=80)
    about = models.CharField(_("about"), max_length=300, blank=True)
    price = models.PositiveIntegerField(_("price"))
    tax_rate = models.DecimalField(
        _("tax in the price, per cent"),
        max_digits=5,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text=_("Where it differs from the shop's."),
    )
    minutes = models.PositiveSmallIntegerField(_("minutes that it takes"), null=True, blank=True)
    allergens = models.JSONField(_("allergens"), null=True, blank=True)
    diets = models.JSONField(_("diets"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    stock = models.PositiveIntegerField(_("portions left"), null=True, blank=True)
    portions_a_day = models.PositiveIntegerField(
        _("portions a day"), null=True, blank=True, help_text=_("So many are there when the shop opens for the day.")
    )
    restocked_at = models.DateTimeField(null=True, editable=False)
    out_until = models.DateTimeField(_("sold out until"), null=True, blank=True)
    is_listed = models.BooleanField(_("on the menu"), default=True)
    is_combo = models.BooleanField(
        _("combination"), default=False, help_text=_("The kitchen makes only the dishes that are chosen with it.")
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("dish")
        verbose_name_plural = _("dishes")

    def __str__(self) -> str:
        return self.name

    @property
    def rate(self) -> Decimal:
        """The tax that its price contains, in per cent."""
        return self.shop.tax_rate if self.tax_rate is None else self.tax_rate

    def is_out(self, at: datetime) -> bool:
        """Whether it is sold out: none is left, or somebody has said so until later."""
        return self.stock == 0 or bool(self.out_until and self.out_until > at)

    def refusal(self, at: datetime | None) -> str:
        """Why it can't be ordered, in a sentence; "" where it can. ``at``: now, or for when it is wanted; None: whenever it
        is served."""
        if not self.is_listed:
            return gettext("%(dish)s isn’t on the menu any more.") % {"dish": self}
        if self.is_out(timezone.now()):
            return gettext("%(dish)s is sold out.") % {"dish": self}
        if at and self.section and not self.section.is_served(at):
            first, last = self.section.served_from, self.section.served_until
            words = {"dish": self, "from": f"{first:%H:%M}", "until": f"{last:%H:%M}"}
            return gettext("%(dish)s is served from %(from)s to %(until)s.") % words
        return ""

    def sell_out(self, until: datetime, by: Any = None) -> None:
        """Take it off every menu until then, at once. ``by`` is who says so, for the log."""
        if until <= timezone.now():
            raise Refused(_("That time has passed."))
        self.change(by, out_until=until)

    def bring_back(self, by: Any = None) -> None:
        """It is there again, by hand; counted portions stay as they are."""
        self.change(by, out_until=None)

    def count(self, portions: int | None, by: Any = None) -> None:
        """So many portions are left; None: nobody counts them."""
        self.change(by, stock=portions)

    def change(self, by: Any, **fields: Any) -> None:
        with transaction.atomic():
            self.shop.lock()
            for name, value in fields.items():
                setattr(self, name, value)
            self.save(update_fields=list(fields))
            self.shop.menu_changed()
        log.info("%s of %s: %s by %s", self.pk, self.shop.slug, ", ".join(fields), getattr(by, "pk", "-"))


class OptionGroup(models.Model):
    """What one may choose with a dish: at least ``minimum``, at most ``maximum``, and ``free`` of them for nothing.

    The cheapest of those chosen are free.
    """

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="option_groups")
    name = models.CharField(_("name"), max_length=60)
    minimum = models.PositiveSmallIntegerField(_("at least"), default=0)
    maximum = models.PositiveSmallIntegerField(_("at most"), default=1)
    free = models.PositiveSmallIntegerField(pgettext_lazy("options at no charge", "free"), default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(maximum__gte=models.F("minimum")), name="options_possible")
        ]
        verbose_name = _("group of options")
        verbose_name_plural = _("groups of options")

    def __str__(self) -> str:
        return self.name


class Option(models.Model):
    """One of a group. With ``dish`` it is a dish of its own, which its station makes and whose stock is counted."""

    group = models.ForeignKey(OptionGroup, models.CASCADE, related_name="options")
    name = models.CharField(_("name"), max_length=60)
    dish = models.ForeignKey(Dish, models.CASCADE, null=True, blank=True, related_name="as_option")
    allergens = models.JSONField(_("allergens"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("option")
        verbose_name_plural = _("options")

    def __str__(self) -> str:
        return self.name


class DishGroup(models.Model):
    """A group of options that a dish has."""

    dish = models.ForeignKey(Dish, models.CASCADE, related_name="groups")
    group = models.ForeignKey(OptionGroup, models.CASCADE, related_name="dishes")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["dish", "group"], name="group_once_per_dish")]

    def __str__(self) -> str:
        return f"{self.dish}: {self.group}"


class Choice(models.Model):
    """What an option costs with a dish, in minor units. An option without a row is not offered with that dish."""

    dish_group = models.ForeignKey(DishGroup, models.CASCADE, related_name="choices")
    option = models.ForeignKey(Option, models.CASCADE, related_name="choices")
    price = models.PositiveIntegerField(_("price"), default=0)
    most = models.PositiveSmallIntegerField(_("of this at most"), default=1)

    class Meta:
        ordering = ["option__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["dish_group", "option"], name="option_once_per_dish")]

    def __str__(self) -> str:
        return f"{self.option} {self.price}"
