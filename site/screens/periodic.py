"""Jobs that the serving process runs by itself."""

from django.utils import timezone

from live.periodic import every
from screens import silence
from screens.models import Pairing


@every(5)
def notice_silence() -> None:
    silence.notice(timezone.now())


@every(600)
def prune_pairings() -> None:
    Pairing.objects.prune(timezone.now())
