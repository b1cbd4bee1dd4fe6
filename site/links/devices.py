"""The kind of device that a request comes from, read from its User-Agent. The User-Agent itself is not stored."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

PROGRAM = re.compile(
    r"bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|slurp|monitor|thunderbird|headless", re.I
)
TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|android(?!.*\bmobile\b)", re.I)
PHONE = re.compile(r"iphone|ipod|mobile|mobi\b", re.I)


class Device(models.TextChoices):
    PHONE = "phone", _("on a phone")
    TABLET = "tablet", _("on a tablet")
    COMPUTER = "computer", _("on a computer")
    PROGRAM = "program", _("by a program, such as a calendar")


def device_of(user_agent: str) -> Device:
    """The kind of device of a User-Agent header. All browsers call themselves Mozilla; most programs do not."""
    if "mozilla/" not in user_agent.lower() or PROGRAM.search(user_agent):
        return Device.PROGRAM
    if TABLET.search(user_agent):
        return Device.TABLET
    return Device.PHONE if PHONE.search(user_agent) else Device.COMPUTER
