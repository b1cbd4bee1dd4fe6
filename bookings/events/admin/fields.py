"""What the admin pages of events share: whose they are, and times on the clock of the event's airport."""

from typing import Any

from django import forms

from local_times import LocalMomentField


class OfEvent:
    place, places = "event", "events"


class LocalTimesForm(forms.ModelForm):
    """Its moments are written and shown on the clock of the event's airport."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        zone = self.zone()
        for name, field in list(self.fields.items()):
            if isinstance(field, (forms.DateTimeField, forms.SplitDateTimeField)) and zone is not None:
                self.fields[name] = LocalMomentField(
                    zone, label=field.label, required=field.required, help_text=field.help_text
                )

    def zone(self) -> Any:
        """That of the event; None where nothing says which."""
        row = self.instance
        event = getattr(row, "event", None) if getattr(row, "event_id", None) else row
        hall = getattr(event, "hall", None) if getattr(event, "hall_id", None) else None
        return hall.tz if hall else None
