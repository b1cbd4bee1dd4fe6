"""A restaurant: its rules, areas, joins, services and closures on one page."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.restaurants.admin.areas import off_plan, outside_error
from bookings.restaurants.admin.scope import CLOCKS, PublishesOnSave, StaffScopedAdmin, StaffScopedInline
from bookings.restaurants.admin.services import ServiceForms
from bookings.restaurants.models import Area, Closure, Join, Restaurant, Service, Table
from bookings.restaurants.models.floor import EXTRA_COVERS


class AreaForms(BaseInlineFormSet):
    """Areas of a restaurant. An area can't be made too small for its tables."""

    def clean(self) -> None:
        super().clean()
        for form in self.initial_forms:
            if not form.errors and (outside := off_plan(form.instance, form.instance.tables.all())):
                form.add_error("width", outside_error(outside, form.instance))


class AreaInline(StaffScopedInline, admin.TabularInline):
    model = Area
    formset = AreaForms
    fields = ["name", "order", "width", "height"]
    extra = 0
    show_change_link = True

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False  # its tables would be deleted too, and only its own page shows them


class JoinForms(BaseInlineFormSet):
    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        tables = Table.objects.filter(area__restaurant=self.instance.pk).select_related("area")
        form.fields["tables"].queryset = tables


class JoinForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        found = super().clean()
        tables, minimum, maximum = list(found.get("tables") or ()), found.get("min_covers"), found.get("max_covers")
        if tables and len(tables) < 2:
            self.add_error("tables", _("Choose at least two tables."))
        if len({table.area_id for table in tables}) > 1:
            self.add_error("tables", _("Tables of different areas can’t be put together."))
        if minimum and maximum and minimum > maximum:
            self.add_error("min_covers", _("The minimum is larger than the maximum."))
        seats = sum(table.max_covers for table in tables) + EXTRA_COVERS
        if tables and maximum and maximum > seats:
            self.add_error("max_covers", _("These tables take %(seats)s guests at most.") % {"seats": seats})
        return found


class JoinInline(StaffScopedInline, admin.TabularInline):
    model = Join
    form, formset = JoinForm, JoinForms
    fields = ["tables", "min_covers", "max_covers"]
    extra = 0


class ServiceInline(StaffScopedInline, admin.TabularInline):
    model = Service
    formset = ServiceForms
    formfield_overrides = CLOCKS
    fields = ["name", "weekdays", "begins", "last", "ends", "pace_online", "pace", "since", "until"]
    extra = 0
    show_change_link = True


class ClosureForms(BaseInlineFormSet):
    """Closures of a restaurant. A day, or a service of it, is closed only once."""

    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms and form.is_valid()]
        closed = [(one["day"], one["service"]) for one in kept if one]
        if len(set(closed)) < len(closed):
            raise ValidationError(_("The same day is closed twice. Delete one of the two."))

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["service"].queryset = Service.objects.filter(restaurant=self.instance.pk)


class ClosureInline(StaffScopedInline, admin.TabularInline):
    model = Closure
    formset = ClosureForms
    formfield_overrides = CLOCKS
    fields = ["day", "service", "reason"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(day__gte=timezone.localdate() - timedelta(days=1))


@admin.register(Restaurant)
class RestaurantAdmin(PublishesOnSave, StaffScopedAdmin, admin.ModelAdmin):
    place = "pk"
    list_display = ["name", "airport", "where", "kitchen"]
    list_select_related = ["airport"]
    search_fields = ["name", "slug"]
    filter_horizontal = ["staff"]
    inlines = [AreaInline, JoinInline, ServiceInline, ClosureInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "airport", "where", "kitchen", "about", "phone", "staff"]}),
        (
            gettext_lazy("Rules"),
            {"fields": ["days_ahead", "notice", "max_party_online", "cancel_before", "grace", "policy", "presence"]},
        ),
        (gettext_lazy("On other sites"), {"fields": ["embedded_by"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, restaurant: Restaurant | None = None) -> list[str]:
        return [] if request.user.is_superuser else ["slug", "airport", "staff"]
