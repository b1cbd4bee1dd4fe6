"""Periodic job: deleting old openings."""

from django.utils import timezone

from links.models import Opening
from live.periodic import every


@every(3600)
def prune_openings() -> None:
    Opening.objects.prune(timezone.now())
