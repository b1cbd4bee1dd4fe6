"""What the admin pages of shops share: whose they are, prices as people write them, and the 14 allergens."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from money_fields import MoneyField
from tracking.orders.models.menus import Allergen

USUAL = "USD"


class OfShop:
    place, places = "shop", "shops"


class SavesChanges:
    """Saves only what the person has changed: portions are sold and shops are paused while a form is open."""

    def save_model(self, request: HttpRequest, row: Any, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, row, form, change)
            return
        self.place_of(row).lock()
        changed = [field.name for field in row._meta.concrete_fields if field.name in form.changed_data]
        if changed:
            row.save(update_fields=changed)


class GoesOn:
    """What was added is shown at once: most of it is set up on its page, which is there once it is saved."""

    def response_add(self, request: HttpRequest, row: Any, post_url_continue: str | None = None) -> HttpResponse:
        if "_addanother" not in request.POST and "_popup" not in request.POST:
            request.POST = request.POST.copy()  # type: ignore[assignment]
            request.POST["_continue"] = "1"  # type: ignore[index]
        return super().response_add(request, row, post_url_continue)  # type: ignore[misc,no-any-return]


def price_field(shop: Any) -> MoneyField:
    """In the currency of a shop; None: in the usual one."""
    return MoneyField(shop.currency if shop else USUAL, label=_("Price"))


class AllergensField(forms.MultipleChoiceField):
    """A list of the 14 groups; its first choice says that nothing is known, and nothing chosen that there are none."""

    UNKNOWN = "unknown"

    def __init__(self, **options: Any) -> None:
        choices = [(self.UNKNOWN, _("not known")), *Allergen.choices]
        options |= {"choices": choices, "required": False, "widget": forms.CheckboxSelectMultiple}
        super().__init__(label=_("Allergens: none checked means that there are none"), **options)

    def prepare_value(self, value: Any) -> Any:
        return [self.UNKNOWN] if value is None else value

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        if self.UNKNOWN in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Choose either “not known” or what it contains."))
        return None if self.UNKNOWN in chosen else chosen

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
