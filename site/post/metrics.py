"""Metrics of mail, for /metrics; docs/operating.md explains each."""

from django.utils import timezone
from prometheus_client import Counter, Gauge

from post.models import Message

waiting = Gauge("airside_post_waiting", "Messages waiting to be sent, at the last count.")
oldest = Gauge("airside_post_oldest_seconds", "Age of the oldest waiting message, at the last count.")
sent = Counter("airside_post_sent", "Messages accepted by the mail server.")
retried = Counter("airside_post_retried", "Failed tries, to be repeated.")
refused = Counter("airside_post_refused", "Messages permanently refused for their address.")
failed = Counter("airside_post_failed", "Messages given up after two days of tries.")


def measure() -> None:
    """Count the waiting messages. Called by the periodic job, since /metrics does not query the database."""
    found = Message.objects.waiting()
    since = found.order_by("made_at").values_list("made_at", flat=True).first()
    waiting.set(found.count())
    oldest.set(max(0, (timezone.now() - since).total_seconds()) if since else 0)
