"""The admin pages: airports, airlines and sources can be changed; flights can't, since only verbs change them."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracking.flights.models import Airline, Airport, Codeshare, Flight, FlightChange, Source
from tracking.flights.models.search import found_by
from verbs.admin import HistoryInline, ReadOnlyAdmin


class NamedAdmin(admin.ModelAdmin):
    """Airports and airlines: the code can't be changed, and a correction of a name shows on every page at once."""

    def get_readonly_fields(self, request: HttpRequest, named: Any = None) -> list[str]:
        return [self.model._meta.pk.name] if named else []

    def save_model(self, request: HttpRequest, named: Any, form: Any, change: bool) -> None:
        named.correct()


@cache
def zones() -> list[tuple[str, str]]:
    return [(zone, zone) for zone in sorted(available_timezones())]


class AirportForm(forms.ModelForm):
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    class Meta:
        model = Airport
        fields = ["iata", "name", "city", "country", "zone"]


@admin.register(Airport)
class AirportAdmin(NamedAdmin):
    form = AirportForm
    list_display = ["iata", "name", "city", "country", "zone"]
    search_fields = ["iata", "name", "city"]


@admin.register(Airline)
class AirlineAdmin(NamedAdmin):
    list_display = search_fields = ["code", "name"]


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    """Sources are made by `manage.py feed_key`, which prints the key; only its hash is stored."""

    fields = ["name", "silent_after", "created_at", "heard_at", "revoked_at"]
    readonly_fields = ["name", "created_at", "heard_at", "revoked_at"]
    list_display = ["name", "heard_at", "silent_after", "is_silent", "revoked_at"]
    actions = ["revoke"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, source: Any = None) -> bool:
        return False

    @admin.display(description=_("silent"))
    def is_silent(self, source: Source) -> Any:
        return _("silent") if source.is_silent else ""

    def save_model(self, request: HttpRequest, source: Any, form: Any, change: bool) -> None:
        source.allow_silence(source.silent_after)

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, sources: QuerySet[Source]) -> None:
        for source in sources:
            source.revoke()
            self.log_change(request, source, str(_("Revoked")))
        self.message_user(request, _("Their keys are revoked."))


class CodeshareInline(ReadOnlyAdmin, admin.TabularInline):
    model = Codeshare
    fields = ["airline", "number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Codeshare]:
        return super().get_queryset(request).select_related("airline")


class FlightHistoryInline(HistoryInline):
    model = FlightChange
    fields = readonly_fields = ["at", "label", "was", "now", "by", "source", "observed"]


@admin.register(Flight)
class FlightAdmin(ReadOnlyAdmin, admin.ModelAdmin):
    """Flights are shown only: they are changed at the desk or by a feed."""

    fieldsets = [
        (
            None,
            {"fields": ["airline", "number", "date", "origin", "destination", "diverted_to", "phase", "delay_code"]},
        ),
        (
            _("Departure"),
            {
                "description": _("Times are UTC."),
                "fields": [
                    ("off_block_scheduled", "off_block_estimated", "off_block_actual"),
                    ("take_off_estimated", "take_off_actual"),
                    ("terminal", "gate", "gate_before"),
                    ("stand", "desks", "tail"),
                    "heard_at",
                ],
            },
        ),
        (
            _("Arrival"),
            {
                "description": _("Times are UTC."),
                "fields": [
                    ("landing_estimated", "landing_actual"),
                    ("on_block_scheduled", "on_block_estimated", "on_block_actual"),
                    ("arrival_terminal", "arrival_gate", "belt"),
                ],
            },
        ),
    ]
    inlines = [CodeshareInline, FlightHistoryInline]
    list_display = ["flight", "date", "origin", "destination", "phase", "off_block_scheduled", "gate", "tail"]
    list_filter = [
        "phase",
        ("airline", admin.RelatedOnlyFieldListFilter),
        ("origin", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["origin", "destination"]
    date_hierarchy = "date"
    ordering = ["-off_block_scheduled"]
    search_fields = ["tail"]  # shows the search box; get_search_results does the search
    search_help_text = _("A flight's numbers, its airline, a city, an airport or the aircraft")

    @admin.display(description=_("flight"), ordering="number")
    def flight(self, flight: Flight) -> str:
        return flight.designator

    def get_search_results(self, request: HttpRequest, flights: Any, text: str) -> tuple[Any, bool]:
        """As the search of travellers, and by aircraft."""
        return flights.filter(found_by(text) | Q(tail__iexact=text)) if text else flights, False

    def view_on_site(self, flight: Flight) -> str:
        return reverse("flights:flight", args=[flight.pk])
