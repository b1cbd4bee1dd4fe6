"""A group of options: how many one may choose, and of what."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.workplaces import PartAdmin, ScopedInline
from tracking.orders.admin.fields import AllergensField, OfShop
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
class OptionGroupAdmin(OfShop, PartAdmin):
    form = GroupForm
    fields = ["shop", "name", ("minimum", "maximum", "free")]
    inlines = [OptionInline]

    def get_inlines(self, request: HttpRequest, group: OptionGroup | None) -> Any:
        return self.inlines if group else []
