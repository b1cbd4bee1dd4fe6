"""The days of a programme."""

from datetime import date, datetime, timedelta
from typing import Any

DAY = timedelta(days=1)


def day_of(event: Any, local: datetime) -> date:
    """What begins before the programme's day does belongs to the day before."""
    return local.date() if local.time() >= event.day_begins else local.date() - DAY


def shown_day(event: Any, starts_at: datetime) -> date:
    """The day under which something stands, on the venue's clock. The days of a file that was written on another clock begin at
    its hours, not at the venue's: then they are those of the calendar."""
    local = starts_at.astimezone(event.tz)
    return local.date() if event.imported.get("zone", "") not in ("", str(event.tz)) else day_of(event, local)
