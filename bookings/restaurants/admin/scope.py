"""What all admin pages of restaurants share: who may see what, and that saving is published."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from bookings.restaurants.models import Restaurant


class StaffScopedAdmin:
    """Staff see their own restaurants and what belongs to them. Superusers see all."""

    restaurant = "restaurant"  # the lookup from the model to its restaurant

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.restaurant}__in": request.user.restaurants.all()})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_venue_staff(request.user)

    def has_view_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return is_venue_staff(request.user)

    def has_change_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return is_venue_staff(request.user)


class StaffScopedInline(StaffScopedAdmin):
    """The same for an inline, whose rows staff also add and delete."""

    def has_add_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return is_venue_staff(request.user)

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return is_venue_staff(request.user)


def is_venue_staff(user: Any) -> bool:
    return user.is_active and user.is_staff and (user.is_superuser or user.restaurants.exists())


class PublishesOnSave:
    """Saving or deleting is published to all pages that show the restaurant.

    The restaurant is locked first, as verbs of its reservations do, so that the two never wait for each other.
    """

    def save_model(self, request: HttpRequest, row: Any, form: forms.ModelForm, change: bool) -> None:
        if (restaurant := restaurant_of(row)).pk:
            restaurant.lock()
        super().save_model(request, row, form, change)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list[BaseInlineFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        restaurant_of(form.instance).changed()

    def delete_model(self, request: HttpRequest, row: Any) -> None:
        restaurant = restaurant_of(row)
        restaurant.lock()
        super().delete_model(request, row)
        restaurant.changed()


def restaurant_of(row: Any) -> Restaurant:
    return row if isinstance(row, Restaurant) else row.restaurant


class PartAdmin(PublishesOnSave, StaffScopedAdmin, admin.ModelAdmin):
    """A part of a restaurant that has an admin page of its own."""

    list_display = ["name", "restaurant"]
    list_filter = [("restaurant", admin.RelatedOnlyFieldListFilter)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_venue_staff(request.user)

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return is_venue_staff(request.user)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}  # deleting many at once would skip the checks that deleting one makes

    def get_readonly_fields(self, request: HttpRequest, row: Any = None) -> list[str]:
        return ["restaurant"] if row else []

    def formfield_for_foreignkey(self, field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if field.name == "restaurant" and not request.user.is_superuser:
            kwargs["queryset"] = request.user.restaurants.all()
        return super().formfield_for_foreignkey(field, request, **kwargs)


# Fields of times and days without the admin's buttons "Now" and "Today": those know the server's clock, not the airport's.
CLOCKS = {
    models.TimeField: {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")},
    models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
}
