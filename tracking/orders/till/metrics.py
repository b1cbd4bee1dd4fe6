"""Metrics of webhooks, for /metrics; docs/operating.md explains each."""

from django.utils import timezone
from prometheus_client import Counter, Gauge

from tracking.orders.models import Delivery

waiting = Gauge("airside_webhooks_waiting", "Messages of webhooks waiting to be sent, at the last count.")
oldest = Gauge("airside_webhooks_oldest_seconds", "Age of the oldest waiting message of a webhook, at the last count.")
sent = Counter("airside_webhooks_sent", "Messages that an endpoint has taken.")
failed = Counter("airside_webhooks_failed", "Tries that failed.")
given_up = Counter("airside_webhooks_given_up", "Messages given up after ten tries, or as their endpoint was gone.")


def measure() -> None:
    """Called by the periodic job, since /metrics does not query the database."""
    found = Delivery.objects.filter(sent_at=None, due_at__isnull=False)
    since = found.order_by("made_at").values_list("made_at", flat=True).first()
    waiting.set(found.count())
    oldest.set(max(0, (timezone.now() - since).total_seconds()) if since else 0)
