"""Times as people type them on the clock of a place, also in the two nights of the year in which the clock changes.

LocalMomentField(zone)          # a field; its value is an aware moment
moment_at(local, zone)          # the same for what was read elsewhere; raises NoSuchTime or Twice
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from clocks import is_ambiguous, zone_name

HOUR = timedelta(hours=1)
FIRST_YEAR, LAST_YEAR = 2000, 2200  # what nobody means is a slip of the finger
FORMAT = "%Y-%m-%dT%H:%M"


class NoSuchTime(ValueError):
    """The clock was put forward over this time."""


class Twice(ValueError):
    """The clock shows this time twice, since it is put back. ``names``: the zone's name the first time and the second."""

    def __init__(self, text: str, names: tuple[str, str]) -> None:
        super().__init__(text)
        self.names = names


def moment_at(local: datetime, zone: ZoneInfo, name: str = "") -> datetime:
    """A moment from the clock of a place. ``name``: EDT or EST, for a time that is there twice."""
    local = local.replace(tzinfo=zone, fold=0)
    if exists(local) and not is_ambiguous(local):
        return local
    if not exists(local):
        before, after = local - HOUR, local + HOUR
        words = {"time": f"{local:%H:%M}", "before": f"{before:%H:%M}", "after": f"{after:%H:%M}"}
        raise NoSuchTime(
            _("The clock is put forward that night: there is no %(time)s. Choose %(before)s or %(after)s.") % words
        )
    first, second = local, local.replace(fold=1)
    names = zone_name(first), zone_name(second)
    if name in names:
        return second if name == names[1] else first
    words = {"time": f"{local:%H:%M}", "first": names[0], "second": names[1]}
    raise Twice(
        _("The clock is put back that night: %(time)s is there twice. Choose %(first)s or %(second)s.") % words, names
    )


def exists(local: datetime) -> bool:
    return local.astimezone(ZoneInfo("UTC")).astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)


class LocalMomentWidget(forms.MultiWidget):
    """A day with its time, and which of two where the clock shows it twice: that field is only there when it is asked for."""

    use_fieldset = False  # one field to people: its label and its error are those of the first input

    def __init__(self, attrs: Any = None) -> None:
        day = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=FORMAT)
        super().__init__({"": day, "zone": forms.HiddenInput()}, attrs)

    def id_for_label(self, id_: str, index: str = "0") -> str:
        return f"{id_}_{index}"

    def decompress(self, value: Any) -> list[Any]:
        if not isinstance(value, datetime):
            return [value, ""]
        return [value.replace(tzinfo=None), zone_name(value) if is_ambiguous(value) else ""]


class LocalMomentField(forms.Field):
    """A moment on the clock of a place, whatever the server's zone is."""

    widget = LocalMomentWidget

    def __init__(self, zone: ZoneInfo, **options: Any) -> None:
        self.zone = zone
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(self.zone) if isinstance(value, datetime) else value

    def clean(self, value: Any) -> datetime | None:
        if self.disabled:
            return value if isinstance(value, datetime) else None
        text, name = (str(part or "").strip()[:30] for part in (value or ("", "")))
        if not text:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"])
            return None
        try:
            return moment_at(read(text), self.zone, name.upper())
        except Twice as twice:
            widget: Any = self.widget
            widget.widgets[1] = forms.Select(
                {"aria-label": _("Which of the two")}, [(each, each) for each in twice.names]
            )
            raise forms.ValidationError(str(twice)) from None
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Browsers send minutes: seconds that were there are no change."""
        if self.disabled:
            return False
        try:
            found = self.clean(data)
        except forms.ValidationError:
            return True
        if found is None or not isinstance(initial, datetime):
            return found is not initial
        return found != initial.replace(second=0, microsecond=0)


def read(text: str) -> datetime:
    """What browsers send, and what people type where there is no such field."""
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(_("Write a day and a time, such as 2026-11-27 19:00."))
    return found
