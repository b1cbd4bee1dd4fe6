from datetime import UTC, timedelta

from django.utils import timezone

from live.health import Trouble, check
from post.models import Message

LATE = timedelta(minutes=2)  # by then a message is sent, or its first try has failed


@check("post", vital=False)
def post_goes_out() -> None:
    """Report mail that waits for long. Not vital: no other process would send it sooner, and all else works."""
    late = Message.objects.waiting().filter(made_at__lt=timezone.now() - LATE)
    if count := late.count():
        since = late.order_by("made_at").values_list("made_at", flat=True).first()
        when = f"{since.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if since else "now"
        raise Trouble(f"{count} waiting, the oldest since {when}")
