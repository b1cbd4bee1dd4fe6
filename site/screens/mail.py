"""Mail about screens in trouble, to a screen's own contact or to all who may change screens: one for each of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.roles import people_with
from links.tokens import absolute
from post.mail import post
from screens.models import Glass

MOST = 30  # screens that a mail names


def tell(lasting: Sequence[Glass], now: datetime) -> None:
    """Tell of screens whose trouble lasts. Two processes may do it at once: who marks a screen as told, tells."""
    if not lasting:
        return
    staff = [user.email for user in people_with("screens.change_screen")]
    with transaction.atomic():
        by_recipient: dict[str, list[Glass]] = defaultdict(list)
        for glass in lasting:
            told = Glass.objects.filter(pk=glass.pk, told_at=glass.told_at).update(told_at=now)
            contact = glass.screen.contact
            for address in ([contact] if contact else staff) if told else ():
                by_recipient[address].append(glass)
        for address, screens in by_recipient.items():
            context = {
                "number": len(screens),
                "screens": screens[:MOST],
                "more": max(0, len(screens) - MOST),
                "address": absolute(reverse("screens:wall")),
            }
            post("screens/mail/trouble", address, context, settings.LANGUAGE_CODE)
