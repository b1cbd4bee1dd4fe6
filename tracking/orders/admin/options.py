"""A group of options: how many one may choose, and of what."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.workplaces import PartAdmin, ScopedInline
from tracking.orders.admin.fields import AllergensField, GoesOn, OfShop
from tracking.orders.models import Option, OptionGroup


class GroupForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        least, most, free = (found.get(name) or 0 for name in ("minimum", "maximum", "free"))
        if most < max(least, 1):
            raise ValidationError({"maximum": _("At most has to be at least 1, and not less than at least.")})
        if free > most:
            raise ValidationError({"free": _("No more can be free than may be chosen.")})
        return found


class OptionForm(forms.ModelForm):
    allergens = AllergensField()


class OptionInline(OfShop, ScopedInline, admin.StackedInline):
    place = "group__shop"
    model = Option
    form = OptionForm
    fields = [("name", "dish", "position"), "allergens"]
    extra = 0

    def get_formset(self, request: HttpRequest, group: OptionGroup | None = None, **options: Any) -> Any:
        formset = super().get_formset(request, group, **options)
        dish: Any = formset.form.base_fields["dish"]
        dish.queryset = dish.queryset.filter(shop=group.shop if group else None)
        return formset


@admin.register(OptionGroup)
class OptionGroupAdmin(GoesOn, OfShop, PartAdmin):
    form = GroupForm
    fields = ["shop", "name", ("minimum", "maximum", "free")]
    inlines = [OptionInline]

    def get_inlines(self, request: HttpRequest, group: OptionGroup | None) -> Any:
        return self.inlines if group else []

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Dishes that have the group already do not offer a new option by themselves: nobody has said what it costs there."""
        super().save_formset(request, form, formset, change)
        dishes = ", ".join(str(offered.dish) for offered in form.instance.dishes.select_related("dish"))
        if formset.new_objects and dishes:
            words = {"options": ", ".join(map(str, formset.new_objects)), "dishes": dishes}
            text = _("%(options)s: not offered yet with %(dishes)s. On the page of each, say what it costs.")
            self.message_user(request, text % words, messages.WARNING)
