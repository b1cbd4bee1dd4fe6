"""Minimum connection times: what is saved here counts for every open search at once."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bookings.seats import topics
from bookings.seats.models import ConnectionTime
from live.outbox import publish


@admin.register(ConnectionTime)
class ConnectionTimeAdmin(admin.ModelAdmin):
    fields = ["airport", "pair", ("from_terminal", "to_terminal"), ("from_airline", "to_airline"), "minutes"]
    list_display = ["airport", "pair", "from_terminal", "to_terminal", "from_airline", "to_airline", "minutes"]
    list_display_links = ["airport", "minutes"]
    list_filter = ["pair", ("airport", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["airport", "from_airline", "to_airline"]
    autocomplete_fields = ["airport", "from_airline", "to_airline"]

    def save_model(self, request: HttpRequest, time: Any, form: Any, change: bool) -> None:
        super().save_model(request, time, form, change)
        publish(topics.connections())

    def delete_model(self, request: HttpRequest, time: Any) -> None:
        super().delete_model(request, time)
        publish(topics.connections())

    def delete_queryset(self, request: HttpRequest, times: QuerySet[ConnectionTime]) -> None:
        super().delete_queryset(request, times)
        publish(topics.connections())
