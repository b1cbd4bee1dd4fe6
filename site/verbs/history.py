"""The history of a Tracked model: one row for each field that a verb changed."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Change(models.Model):
    """One field that one verb changed: from what, to what, when and by whom. Rows are added and never edited.

    A subclass adds the foreign key to its Tracked model, with ``related_name="changes"``, and an index of that key and
    ``revision``. All rows of one verb have the same ``revision``, which is the one that the verb led to.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    verb = models.CharField(_("verb"), max_length=20)
    field = models.CharField(max_length=30)
    before = models.TextField(blank=True)  # as text_of() writes it; "" means that there was no value
    after = models.TextField(blank=True)
    revision = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.label}: {self.was or '–'} → {self.now or '–'}"

    @property
    @admin.display(description=_("field"))
    def label(self) -> str:
        """The name of the field, in words."""
        field = self.tracked_field
        if isinstance(field, models.Field):
            return str(field.verbose_name)
        return str(field.related_model._meta.verbose_name_plural)  # rows of another model that belong to this one

    @property
    @admin.display(description=_("from"))
    def was(self) -> Any:
        return self.value(self.before)

    @property
    @admin.display(description=_("to"))
    def now(self) -> Any:
        return self.value(self.after)

    @property
    def is_time(self) -> bool:
        return isinstance(self.tracked_field, models.DateTimeField)

    def value(self, text: str) -> Any:
        """What the text stands for: a datetime in UTC (None for ""), the words of a choice, or the text itself."""
        if self.is_time:
            return datetime.fromisoformat(text) if text else None
        choices = getattr(self.tracked_field, "flatchoices", None)
        return dict(choices).get(text, text) if choices else text

    @property
    def tracked_field(self) -> Any:
        """The field of the Tracked model, or the relation to its rows of another model."""
        return tracked_model(type(self))._meta.get_field(self.field)


@cache
def tracked_model(change_model: type[Change]) -> type[models.Model]:
    """The model whose history this Change model keeps."""
    keys: list[Any] = [field for field in change_model._meta.get_fields() if field.many_to_one]
    for key in keys:
        if key.remote_field.get_accessor_name() == "changes":
            model: type[models.Model] = key.related_model
            return model
    raise TypeError(f'{change_model.__name__} needs a foreign key with related_name="changes"')


def text_of(value: Any) -> str:
    """A field's value as history keeps it: datetimes as ISO 8601 in UTC, None as ""."""
    if value is None:
        return ""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def differences(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    """``{field: (before, after)}`` for the fields whose texts differ between two snapshots."""
    return {field: (before.get(field, ""), text) for field, text in after.items() if before.get(field, "") != text}
