"""Orders and their history, to look at: verbs change them, in the kitchen and by their customers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.workplaces import Scoped, works_at
from tracking.orders.admin.fields import OfShop
from tracking.orders.models import Line, Order, OrderChange
from verbs.admin import HistoryInline, ReadOnlyAdmin


class OrderHistory(HistoryInline):
    model = OrderChange

    def has_view_permission(self, request: HttpRequest, change: Any = None) -> bool:
        return works_at(request.user, OfShop.places)


class LineInline(ReadOnlyAdmin, admin.TabularInline):
    model = Line
    fields = readonly_fields = ["quantity", "name", "amount", "discount", "tax_rate", "note", "is_void", "given_back"]

    def has_view_permission(self, request: HttpRequest, line: Any = None) -> bool:
        return works_at(request.user, OfShop.places)


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin, OfShop, Scoped, admin.ModelAdmin):
    fields = [
        ("shop", "reference", "state", "way"),
        ("made_at", "due_at", "earliest", "latest"),
        ("name", "email", "phone"),
        ("flight", "gate"),
        ("total", "currency", "discount"),
        ("note", "reason"),
        ("source", "external"),
    ]
    inlines = [LineInline, OrderHistory]
    list_display = ["reference", "shop", "state", "made_at", "name", "price"]
    list_filter = ["state", ("shop", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["shop"]
    date_hierarchy = "made_at"
    search_fields = ["reference", "name", "email", "phone"]
