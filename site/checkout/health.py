from datetime import timedelta

from django.utils import timezone

from checkout.models import Refund, RefundState
from live.health import Trouble, check

LATE = timedelta(minutes=10)


@check("refunds", vital=False)
def refunds_go_out() -> None:
    """Report refunds that wait for long or were refused. Not vital: no other process would send them sooner."""
    late = Refund.objects.filter(state=RefundState.WAITING, made_at__lt=timezone.now() - LATE).count()
    refused = Refund.objects.filter(state=RefundState.REFUSED).count()
    if late or refused:
        raise Trouble(f"{late} refunds waiting for more than 10 minutes, {refused} refused by the provider")
