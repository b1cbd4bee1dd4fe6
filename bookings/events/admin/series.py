"""Series: dates that repeat, and the events that are made for them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.workplaces import CLOCKS
from bookings.events.models import Series


class SeriesForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first_day"), found.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("It has to be on the first day or after it."))
        return found


@admin.register(Series)
class SeriesAdmin(admin.ModelAdmin):
    form = SeriesForm
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "slug", "hall", ("first_day", "last_day"), ("every", "at", "minutes")],
                "description": gettext_lazy(
                    "Save the series, then make its first event and choose this series there. The action on the list of "
                    "series makes the other events as drafts, like the latest one. Times are those of the hall’s airport: "
                    "19:00 stays 19:00 when the clock changes."
                ),
            },
        )
    ]
    list_display = ["name", "hall", "first_day", "last_day", "at"]
    list_select_related = ["hall"]
    prepopulated_fields = {"slug": ["name"]}
    formfield_overrides = CLOCKS
    actions = ["make_events"]

    @admin.action(
        description=gettext_lazy("Make an event for each day that has none, as the latest event of the series")
    )
    def make_events(self, request: HttpRequest, series: Any) -> None:
        for one in series.select_related("hall__airport"):
            pattern = one.events.order_by("-starts_at").first()
            if pattern is None:
                messages.error(
                    request, _("%(name)s has no event yet: make the first, with this series.") % {"name": one}
                )
                continue
            made = one.make_events(pattern)
            messages.success(request, _("%(count)s drafts were made for %(name)s.") % {"count": len(made), "name": one})
