"""Admin pages of rows that only verbs change: they show the row and its history, and change nothing."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ReadOnlyAdmin:
    """A mixin for a ModelAdmin or an inline: its rows are shown and never changed."""

    def has_add_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False


class HistoryInline(ReadOnlyAdmin, admin.TabularInline):  # type: ignore[type-arg]
    """The history of a row. A subclass sets ``model``, a Change model, and adds its own columns to ``fields``."""

    verbose_name_plural = _("History")
    fields: ClassVar[Any] = ["at", "verb", "label", "was", "now", "by"]
    readonly_fields: ClassVar[Any] = fields

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        people = [name for name in self.fields or () if name in self.relations()]
        return super().get_queryset(request).select_related(*people)

    def relations(self) -> set[str]:
        return {field.name for field in self.model._meta.get_fields() if field.many_to_one}
