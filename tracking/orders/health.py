from datetime import timedelta

from django.utils import timezone

from live.health import Trouble, check
from tracking.orders.late import late

OVERDUE = timedelta(minutes=1)


@check("orders", vital=False)
def promises() -> None:
    """Whether late orders get new promises: else no process runs its periodic jobs. Their pages say so all the same."""
    count = late(timezone.now() - OVERDUE).count()
    if count:
        raise Trouble(f"{count} late without a new promise")
