"""The form of a dish: its groups of options as fields, with what was asked for and what is wrong with it."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracking.orders.menu.asking import Asked
from tracking.orders.menu.rows import is_option_out, needed, option_allergens
from tracking.orders.menu.words import allergen_words, allergens_of, money
from tracking.orders.models import Choice, Dish, DishGroup, OptionGroup
from tracking.orders.totals import Fault, check_group, choose, pick, quantity_of


class OptionField(NamedTuple):
    key: int
    name: str
    price: str
    allergens: str
    is_out: bool
    asked: str  # how many, as it was sent; "" for none
    most: int
    error: str


class GroupField(NamedTuple):
    """``kind``: one (radio), several (checkboxes) or many (numbers)."""

    key: int
    name: str
    hint: str
    kind: str
    is_optional: bool
    options: list[OptionField]
    error: str

    @property
    def has_asked(self) -> bool:
        return any(option.asked for option in self.options)

    @property
    def is_faulty(self) -> bool:
        return bool(self.error) or any(option.error for option in self.options)


class Price(NamedTuple):
    """What exactly this choice costs, and what is in it. ``fault``: why it has no price."""

    words: str
    allergens: str
    fault: Fault | None = None


def price_of(dish: Dish, asked: Asked) -> Price:
    """While somebody still chooses: what is missing yet is no fault."""
    try:
        chosen = choose(dish, asked.choices, complete=False)
        quantity = quantity_of(asked.quantity)
    except Fault as fault:
        return Price(money(dish.price, dish.shop), "", fault)
    is_nothing = not asked.choices and (dish.is_combo or bool(needed(dish)))  # more has to come: this is not all of it
    allergens = "" if is_nothing else allergen_words(allergens_in(dish, asked))
    return Price(money(chosen.unit_price * quantity, dish.shop), allergens)


def allergens_in(dish: Dish, asked: Asked) -> list[str] | None:
    """Of all that is chosen. Of a combo, of its dishes alone."""
    options = [
        choice.option
        for offered in dish.groups.all()
        for choice in offered.choices.all()
        if str(choice.pk) in asked.choices
    ]
    parts = [option_allergens(option) for option in options]
    own = [] if dish.is_combo and options else [dish.allergens]
    return allergens_of([*own, *parts])


def group_fields(
    dish: Dish, asked: Asked, fault: Fault | None, now: datetime, is_refused: bool = False
) -> list[GroupField]:
    """``is_refused``: it was sent, so each group says what it lacks, and not only the first."""
    return [group_field(offered, dish, asked, fault, now, is_refused) for offered in dish.groups.all()]


def group_field(
    offered: DishGroup, dish: Dish, asked: Asked, fault: Fault | None, now: datetime, is_refused: bool
) -> GroupField:
    group, choices = offered.group, list(offered.choices.all())
    kind = "many" if any(choice.most > 1 for choice in choices) else "one" if group.maximum == 1 else "several"
    return GroupField(
        offered.pk,
        group.name,
        hint_of(group),
        kind,
        group.minimum == 0,
        [option_field(choice, dish, asked, fault, now) for choice in choices],
        error_at(fault, f"groups/{offered.pk}") or (lack_of(offered, asked) if is_refused else ""),
    )


def option_field(choice: Choice, dish: Dish, asked: Asked, fault: Fault | None, now: datetime) -> OptionField:
    option = choice.option
    return OptionField(
        choice.pk,
        option.name,
        f"+{money(choice.price, dish.shop)}" if choice.price else "",
        allergen_words(option_allergens(option)),
        is_option_out(option, now),
        str(asked.choices.get(str(choice.pk), "")),
        choice.most,
        error_at(fault, f"choices/{choice.pk}"),
    )


def fields_of(groups: list[GroupField]) -> set[str]:
    """Where the form says what is wrong, as ``Fault.field`` names it."""
    own = {f"groups/{group.key}" for group in groups}
    return (
        own | {f"choices/{option.key}" for group in groups for option in group.options} | {"dish", "quantity", "note"}
    )


def lack_of(offered: DishGroup, asked: Asked) -> str:
    """Why too little was chosen of a group, in words."""
    keys = {str(choice.pk) for choice in offered.choices.all()}
    try:
        check_group(offered, pick([offered], {k: n for k, n in asked.choices.items() if k in keys})[offered.pk], True)
    except Fault as fault:
        return str(fault) if fault.field.startswith("groups/") else ""
    return ""


def error_at(fault: Fault | None, field: str) -> str:
    return str(fault) if fault and fault.field == field else ""


def hint_of(group: OptionGroup) -> str:
    """Choose one. Choose 2 to 4, 2 included."""
    if group.minimum == group.maximum:
        words = ngettext("Choose one", "Choose %(count)s", group.minimum) % {"count": group.minimum}
    elif group.minimum:
        words = _("Choose %(least)s to %(most)s") % {"least": group.minimum, "most": group.maximum}
    else:
        words = ngettext("If you like, one", "If you like, up to %(count)s", group.maximum) % {"count": group.maximum}
    return _("%(choose)s, %(free)s included") % {"choose": words, "free": group.free} if group.free else words
