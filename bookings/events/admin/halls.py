"""Halls, which administrators set up."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bookings.events import topics
from bookings.events.models import Hall
from live.outbox import publish


@admin.register(Hall)
class HallAdmin(admin.ModelAdmin):
    list_display = ["name", "airport", "where", "fire_limit"]
    list_select_related = ["airport"]
    search_fields = ["name", "slug"]
    fields = ["name", "slug", "airport", "where", "fire_limit"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, hall: Hall, form: Any, change: bool) -> None:
        if change:
            Hall.objects.select_for_update(no_key=True).get(pk=hall.pk)  # doors count under this lock
        super().save_model(request, hall, form, change)
        publish(topics.hall(hall.pk), topics.events())
