"""What the scripts of a door's page need to know: addresses, the rules that a device can evaluate, and all words."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.events.door.listing import milliseconds
from bookings.events.door.verdicts import TITLES, hours
from bookings.events.models import CheckInList, Reason

QUIET = 20  # seconds without a scan after which Exit goes back to Entry


def words(list_: CheckInList, token: str) -> dict[str, Any]:
    event = list_.event
    address = [event.slug, list_.pk]
    return {
        "list": list_.pk,
        "event": event.slug,
        "token": token,
        "zone": event.hall.airport.zone,
        "scan": reverse("events:door-scan", args=address),
        "queued": reverse("events:door-queued", args=address),
        "tickets": reverse("events:door-tickets", args=address),
        "worker": reverse("events:door-worker", args=[event.slug]),
        "opens_at": milliseconds(list_.opens_at),
        "closes_at": milliseconds(list_.closes_at),
        "allows_reentry": list_.allows_reentry,
        "quiet": QUIET,
        "titles": {reason.value: str(title) for reason, title in TITLES.items()},
        "reasons": {**{reason.value: str(reason.label) for reason in Reason}, "invalid_time": hours(list_)},
        "words": {
            "queued": _("Queued"),
            "counts_in": _("This device recorded: let in. It is sent later."),
            "counts_out": _("This device recorded: not let in. It is sent later."),
            "left": _("This device recorded: left. It is sent later."),
            "valid": _(
                "Valid in the list of {time}. Whether another door has let it in since, this device can’t know."
            ),
            "no_list": _("This device has no list: nobody has checked this ticket."),
            "unlisted": _("Not in the list"),
            "unlisted_text": _("The list of {time} has no such ticket. It may have been sold since."),
            "by_list": _("By the list of {time}."),
            "own": _("This device let it in at {time}."),
            "own_before": _("This device let it in at {time}, and it has left. Nobody may come back in on this list."),
            "inside": _("It was inside by the list of {time}."),
            "not_in": _("Not let in"),
            "in_anyway": _("Let in all the same"),
            "no_reference": _("Not a ticket code"),
            "no_reference_text": _("References can’t be looked up without a network. Scan the ticket."),
            "online": _("Connected: each scan is checked with all doors."),
            "offline": _("No connection: scans are queued on this device, and sent by themselves later."),
            "signed_out": _("You are signed out: scans are queued on this device. Sign in to send them."),
            "gone": _("You have no door here any more. Scans stay on this device."),
            "entry_again": _("Entry again: each scan lets somebody in."),
            "waiting": _("{count} queued"),
            "problems": _("{count} could not be recorded: show this device to an organiser."),
            "list_of": _("List of {time}. Tickets: {count}."),
            "list_none": _("No list on this device."),
            "list_insecure": _("This page was not opened by HTTPS: the device can keep no list."),
            "list_failed": _("The list could not be loaded."),
        },
    }
