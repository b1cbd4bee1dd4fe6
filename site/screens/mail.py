"""Mail about screens in trouble."""

from collections.abc import Sequence
from datetime import datetime

from screens.models import Glass


def tell(lasting: Sequence[Glass], now: datetime) -> None:
    """Tell of screens whose trouble lasts."""
