"""The days of a programme."""

from datetime import date, datetime, timedelta
from typing import Any

DAY = timedelta(days=1)


def day_of(event: Any, local: datetime) -> date:
    """What begins before the programme's day does belongs to the day before."""
    return local.date() if local.time() >= event.day_begins else local.date() - DAY
