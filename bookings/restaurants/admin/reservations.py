"""Reservations and their history, to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bookings.restaurants.admin.scope import StaffScopedAdmin, is_venue_staff
from bookings.restaurants.models import Reservation, ReservationChange
from verbs.admin import HistoryInline, ReadOnlyAdmin


class ReservationHistory(HistoryInline):
    model = ReservationChange

    def has_view_permission(self, request: HttpRequest, change: Any = None) -> bool:
        return is_venue_staff(request.user)


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin, StaffScopedAdmin, admin.ModelAdmin):
    """Shown only: verbs change reservations, on the hosts' pages."""

    fields = [
        ("restaurant", "reference", "state"),
        ("day", "starts_at", "ends_at"),
        ("party", "tables", "service"),
        ("name", "email", "phone"),
        ("notes", "allergies"),
        "policy",
        "cancel_until",
    ]
    inlines = [ReservationHistory]
    list_display = ["reference", "restaurant", "day", "starts_at", "party", "name", "state"]
    list_filter = ["state", ("restaurant", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["restaurant"]
    date_hierarchy = "day"
    ordering = ["-first"]
    search_fields = ["reference", "name", "email", "phone"]
