from datetime import timedelta

from django.utils import timezone

from live.health import Trouble, check
from tracking.orders.late import late
from tracking.orders.models import Delivery

OVERDUE = timedelta(minutes=1)
UNSENT = timedelta(minutes=5)  # past the time of a try


@check("orders", vital=False)
def promises() -> None:
    """Whether late orders get new promises: else no process runs its periodic jobs. Their pages say so all the same."""
    count = late(timezone.now() - OVERDUE).count()
    if count:
        raise Trouble(f"{count} late without a new promise")


@check("webhooks", vital=False)
def webhooks() -> None:
    """Whether messages to tills go out: those of an endpoint that is away have been tried, and are no trouble of ours."""
    count = Delivery.objects.due(timezone.now() - UNSENT).count()
    if count:
        raise Trouble(f"{count} messages wait to be sent")
