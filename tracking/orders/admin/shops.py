"""A shop: its settings, hours, closings, stations and the sections of its menu on one page."""

from datetime import timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.workplaces import CLOCKS, PublishesOnSave, Scoped, ScopedInline
from local_times import LocalMomentField
from tracking.orders.admin.fields import OfShop, SavesChanges
from tracking.orders.models import Closing, Hours, Section, Shop, Station


class PartInline(OfShop, ScopedInline, admin.TabularInline):
    extra = 0
    formfield_overrides = CLOCKS


class HoursInline(PartInline):
    model = Hours
    fields = ["weekdays", "opens", "closes", "kitchen_closes"]


class ClosingForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        begins, ends = found.get("begins"), found.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("It has to end after it begins."))
        return found


class ClosingForms(BaseInlineFormSet):
    """Their times are those on the clock of the shop's airport."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        zone = self.instance.tz if self.instance.airport_id else ZoneInfo(settings.TIME_ZONE)
        for name in ("begins", "ends"):
            form.fields[name] = LocalMomentField(zone, label=form.fields[name].label)


class ClosingInline(PartInline):
    model = Closing
    form, formset = ClosingForm, ClosingForms
    fields = ["begins", "ends", "reason"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(ends__gte=timezone.now() - timedelta(days=1))


class StationInline(PartInline):
    model = Station
    fields = ["name", "position"]


class SectionInline(PartInline):
    model = Section
    fields = ["name", "position", "served_from", "served_until"]


@admin.register(Shop)
class ShopAdmin(SavesChanges, PublishesOnSave, OfShop, Scoped, admin.ModelAdmin):
    place = "pk"
    list_display = ["name", "airport", "where"]
    list_select_related = ["airport"]
    search_fields = ["name", "slug"]
    filter_horizontal = ["staff"]
    autocomplete_fields = ["airport"]
    inlines = [HoursInline, ClosingInline, StationInline, SectionInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "airport", "where", "about", "staff"]}),
        (_("Orders"), {"fields": ["minutes", "delivers", "walk", "pays_online"]}),
        (_("Money"), {"fields": ["currency", "tax_rate"]}),
    ]

    help_texts: ClassVar = {
        "slug": _("The last part of its pages’ addresses, such as “grill” of /orders/grill/."),
        "staff": _("They work in its kitchen. With “staff status” on their account they also set up the shop here."),
        "currency": _("The three letters of a currency, such as USD. All prices are in it, with the tax."),
        "walk": _("How long a runner takes from the shop to a gate."),
    }

    def get_form(self, request: HttpRequest, shop: Shop | None = None, change: bool = False, **options: Any) -> Any:
        return super().get_form(request, shop, change, help_texts=self.help_texts, **options)

    def get_prepopulated_fields(self, request: HttpRequest, shop: Shop | None = None) -> dict[str, Any]:
        return {} if shop else {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, shop: Shop | None = None) -> list[str]:
        return [] if request.user.is_superuser else ["slug", "airport", "staff", "currency"]
