"""Periodic jobs: recording openings that came at a bad moment, and deleting old ones."""

from django.utils import timezone

from links.models import Opening
from links.recording import record_waiting
from live.periodic import every


@every(5)
def record_openings() -> None:
    record_waiting()


@every(3600)
def prune_openings() -> None:
    Opening.objects.prune(timezone.now())
