"""Jobs that the serving process runs by itself."""

from django.utils import timezone

from live.periodic import every
from tracking.orders import flights, late, restocking
from tracking.orders.models import Delivery, Order, TillRequest
from tracking.orders.till import metrics, sending


@every(2)
def follow_flights_of_orders() -> None:
    flights.follow_flights(timezone.now())


@every(5)
def follow_late_orders() -> None:
    late.follow_late(timezone.now())


@every(5)
def give_back_unpaid_portions() -> None:
    """They are given back whenever somebody asks for them, too: this is for the menus."""
    Order.objects.lapse(timezone.now())


@every(5)
def restock_dishes() -> None:
    restocking.restock(timezone.now())


@every(2)
def send_webhooks() -> None:
    try:
        sending.send_due()
    finally:
        metrics.measure()


@every(3600)
def prune_webhooks() -> None:
    now = timezone.now()
    Delivery.objects.prune(now)
    TillRequest.objects.prune(now)
