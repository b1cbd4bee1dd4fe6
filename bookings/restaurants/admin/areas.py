"""An area of a restaurant and its tables."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.restaurants.admin.scope import PartAdmin, StaffScopedInline, is_venue_staff
from bookings.restaurants.models import Area, Table
from bookings.restaurants.models.floor import EXTRA_COVERS
from bookings.restaurants.models.states import ENDED


class TableForms(BaseInlineFormSet):
    """Tables of an area. A table that is booked or joined can't be deleted, closed or made too small."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not self.instance.restaurant_id:
            return
        if self.instance.pk:
            self.instance.restaurant.lock()  # so that nobody books these tables between the check and the save
        for form in self.initial_forms:
            self.check_booked(form)
            self.check_joined(form)
        self.check_plan([form.instance for form in self.forms if form not in self.deleted_forms])

    def check_booked(self, form: forms.ModelForm) -> None:
        table, maximum = form.instance, form.cleaned_data["max_covers"]
        if form in self.deleted_forms or not form.cleaned_data["is_open"]:
            booked = list(upcoming(table))
        else:
            booked = [one for one in upcoming(table) if one.party > maximum and one.tables.count() == 1]
        if booked:
            words = {"table": table.name, "n": len(booked), "first": booked[0].reference}
            raise ValidationError(
                _("Table %(table)s is booked %(n)s times, first by %(first)s. Move those parties first.") % words
            )

    def check_joined(self, form: forms.ModelForm) -> None:
        tables = {other.instance.pk: other.instance for other in self.initial_forms}  # as they would be saved
        for join in form.instance.joins.prefetch_related("tables"):
            seats = sum(tables.get(table.pk, table).max_covers for table in join.tables.all())
            if form in self.deleted_forms or join.max_covers > seats + EXTRA_COVERS:
                words = {"table": form.instance.name, "join": join, "most": join.max_covers}
                raise ValidationError(
                    _("Table %(table)s is part of %(join)s, for up to %(most)s. Change that join first.") % words
                )

    def check_plan(self, tables: list[Table]) -> None:
        if outside := off_plan(self.instance, tables):
            raise ValidationError(outside_error(outside, self.instance))
        elsewhere = Table.objects.filter(area__restaurant=self.instance.restaurant).exclude(area=self.instance.pk)
        if twice := elsewhere.filter(name__in=[table.name for table in tables]).first():
            words = {"table": twice.name, "area": twice.area}
            raise ValidationError(_("There is a table %(table)s in %(area)s already. Choose another name.") % words)


def upcoming(table: Table) -> models.QuerySet[Any]:
    """The reservations at a table that have not ended, the earliest first."""
    return table.reservations.exclude(state__in=ENDED).filter(ends_at__gt=timezone.now()).order_by("starts_at")


def off_plan(area: Area, tables: Iterable[Table]) -> Table | None:
    """The first of the tables that stands outside the area's plan, None if there is none."""
    return next((table for table in tables if not table.is_on_plan(area)), None)


def outside_error(table: Table, area: Area) -> str:
    words = {"table": table.name, "width": area.width, "height": area.height}
    return _("Table %(table)s would stand outside of the plan, which is %(width)s × %(height)s.") % words


class TableInline(StaffScopedInline, admin.TabularInline):
    place = "area__restaurant"
    model = Table
    formset = TableForms
    fields = ["name", "min_covers", "max_covers", "use", "shape", "x", "y", "width", "height", "server", "is_open"]
    formfield_overrides = {  # narrow, so that a table takes one line
        models.CharField: {"widget": forms.TextInput(attrs={"size": 7})},
        models.PositiveSmallIntegerField: {"widget": forms.TextInput(attrs={"size": 3, "inputmode": "numeric"})},
    }
    extra = 0


@admin.register(Area)
class AreaAdmin(PartAdmin):
    fields = ["restaurant", "name", "order", ("width", "height")]
    inlines = [TableInline]

    def has_delete_permission(self, request: HttpRequest, area: Area | None = None) -> bool:
        booked = area and any(upcoming(table).exists() for table in area.tables.all())
        return is_venue_staff(request.user) and not booked

    def delete_model(self, request: HttpRequest, area: Area) -> None:
        super().delete_model(request, area)
        area.restaurant.joins.filter(tables=None).delete()
