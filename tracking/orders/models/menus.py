"""What a shop sells. An option may be a dish itself: so a combo is a dish whose options are dishes.

What an option costs is said for each dish (``Choice``): the same extra may cost differently on another dish.
"""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.orders.models.shops import Shop, Station


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


class Dish(models.Model):
    """Something that is sold. ``allergens`` is None where nothing is known, and [] where there are none.

    ``stock`` counts portions, and is None where nobody counts. ``out_until`` is set by hand: until then it is sold out.
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
    out_until = models.DateTimeField(_("sold out until"), null=True, blank=True)
    is_listed = models.BooleanField(_("on the menu"), default=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("dish")
        verbose_name_plural = _("dishes")

    def __str__(self) -> str:
        return self.name


class OptionGroup(models.Model):
    """What one may choose with a dish: at least ``minimum``, at most ``maximum``, and ``free`` of them for nothing.

    The cheapest of those chosen are free.
    """

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="option_groups")
    name = models.CharField(_("name"), max_length=60)
    minimum = models.PositiveSmallIntegerField(_("at least"), default=0)
    maximum = models.PositiveSmallIntegerField(_("at most"), default=1)
    free = models.PositiveSmallIntegerField(_("free"), default=0)

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
