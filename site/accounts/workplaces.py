"""Admin pages of places where people work, such as restaurants and shops. Staff see and change their own; superusers see all.

An app says once how its models lead to the place, and a user to the places where they work::

    class OfShop:
        place, places = "shop", "shops"      # dish.shop, user.shops

    class DishAdmin(OfShop, PartAdmin): ...
    class HoursInline(OfShop, ScopedInline, admin.TabularInline): ...

A place has ``lock()``, and ``changed()``, which publishes.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest


class Scoped:
    """``place``: the look-up from the model to its place, ``pk`` for the place itself. ``places``: those of a user."""

    place: ClassVar[str]
    places: ClassVar[str]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        if is_superuser(request):
            return rows
        return rows.filter(**{f"{self.place}__in": self.own_places(request)})

    def own_places(self, request: HttpRequest) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = getattr(request.user, self.places).all()
        return found

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """A list is filtered by what it offers alone: by a field that is hidden, such as a PIN, one could read it digit by digit."""
        page: Any = self
        offered = [each if isinstance(each, str) else each[0] for each in page.get_list_filter(request)]
        is_offered = lookup.partition("__")[0] in (*offered, page.date_hierarchy)
        return is_offered and bool(super().lookup_allowed(lookup, value, request))  # type: ignore[misc]

    def works(self, request: HttpRequest) -> bool:
        return works_at(request.user, self.places)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.works(request)

    def has_view_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return self.works(request)

    def has_change_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return self.works(request)


class ScopedInline(Scoped):
    """The same for an inline, whose rows staff also add and delete."""

    def has_add_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return self.works(request)

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return self.works(request)


class PublishesOnSave:
    """Saving or deleting is published to all pages that show the place.

    The place is locked first, as verbs do, so that the two never wait for each other.
    """

    place: ClassVar[str]

    def place_of(self, row: Any) -> Any:
        return row if self.place == "pk" else getattr(row, self.place)

    def save_model(self, request: HttpRequest, row: Any, form: Any, change: bool) -> None:
        if (place := self.place_of(row)).pk:
            place.lock()
        super().save_model(request, row, form, change)  # type: ignore[misc]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        self.place_of(form.instance).changed()

    def delete_model(self, request: HttpRequest, row: Any) -> None:
        place = self.place_of(row)
        place.lock()
        super().delete_model(request, row)  # type: ignore[misc]
        place.changed()


class PartAdmin(PublishesOnSave, Scoped, admin.ModelAdmin):  # type: ignore[type-arg]
    """A part of a place that has an admin page of its own. The place is the field of the name ``place``, and never changes."""

    def get_list_display(self, request: HttpRequest) -> Any:
        return ["name", self.place]

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [(self.place, admin.RelatedOnlyFieldListFilter)]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.works(request)

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return self.works(request)

    def get_actions(self, request: HttpRequest) -> Any:
        return {}  # deleting many at once would skip the checks that deleting one makes

    def get_readonly_fields(self, request: HttpRequest, row: Any = None) -> Any:
        return [self.place] if row else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == self.place and not is_superuser(request):
            kwargs["queryset"] = self.own_places(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def works_at(user: Any, places: str) -> bool:
    """Whether somebody may sign in to the admin, and works at one of these places."""
    return bool(user.is_active and user.is_staff and (user.is_superuser or getattr(user, places).exists()))


def is_superuser(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_superuser)


# Fields of times and days without the admin's buttons "Now" and "Today": those know the server's clock, not the airport's.
CLOCKS: dict[Any, dict[str, Any]] = {
    models.TimeField: {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")},
    models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
}
