"""What is counted of mail, for /metrics; docs/operating.md says what each is good for."""

from django.utils import timezone
from prometheus_client import Counter, Gauge

from post.models import Message

waiting = Gauge("airside_post_waiting", "Messages that wait to be sent, as last counted by this process.")
oldest = Gauge("airside_post_oldest_seconds", "Age of the oldest message that waits, as last looked up.")
sent = Counter("airside_post_sent", "Messages that the mail server has taken.")
retried = Counter("airside_post_retried", "Tries that failed, after which a message is tried again.")
refused = Counter("airside_post_refused", "Messages refused for good by the mail server of their address.")
failed = Counter("airside_post_failed", "Messages given up after two days of tries.")


def measure() -> None:
    """Count what waits. Called by the periodic job, since /metrics itself asks no database."""
    found = Message.objects.waiting()
    since = found.order_by("made_at").values_list("made_at", flat=True).first()
    waiting.set(found.count())
    oldest.set(max(0, (timezone.now() - since).total_seconds()) if since else 0)
