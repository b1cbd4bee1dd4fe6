"""Mail to guests: which verb writes which. Called inside the verb's transaction; imports no model.

Every verb that changes what a guest believes writes to them, and so does its undoing.
"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from bookings.restaurants.calendar import entry_of, entry_of_former_guest
from clocks import when
from links.tokens import absolute
from post.calendars import calendar_attachment
from post.mail import post

FOLDER = "restaurants/guests/mail"
QUEUE_LINK = "restaurants.queue-confirm"  # the kind of link that confirms a mail address
ALWAYS = {
    "confirm": "booked",
    "book": "booked",
    "change": "changed",
    "cancel": "cancelled",
    "transfer": "transferred",
    "no_show": "no_show",
}


def notify(reservation: Any, verb: str, was: Mapping[str, str], by: Any = None) -> None:
    """Write the mails that follow from a verb.

    ``was``: the texts of the fields that it changed, as they were before; ``by``: the member of staff, None for the guest.
    """
    if reservation.cancel_until is None:
        return  # it was never booked: a hold, or a walk-in
    if verb == "transfer" and was.get("email"):
        write(reservation, "transferred_away", was["email"], by)
    if reservation.email and (name := mail_of(reservation, verb, was)):
        write(reservation, name, reservation.email, by)


def mail_of(reservation: Any, verb: str, was: Mapping[str, str]) -> str:
    """The name of the mail to the guest of a booking, "" for none."""
    if verb in ALWAYS:
        return ALWAYS[verb]
    if not reservation.is_expected:
        return ""
    if verb == "undo":
        return "restored" if was.get("state") in ("cancelled", "no_show") else ""
    if verb == "split":
        return "changed" if was.get("state") is None else "booked"  # the second one is new
    if verb == "annotate":
        return "booked" if "email" in was else ""  # to the corrected address
    return ""


def write(reservation: Any, name: str, to: str, by: Any) -> None:
    restaurant, is_former = reservation.restaurant, name == "transferred_away"
    with override(reservation.language):
        entry = entry_of_former_guest(reservation) if is_former else entry_of(reservation)
        context = {
            "reservation": reservation,
            "restaurant": restaurant,
            "guest": reservation.name if by is not None else "",  # nobody mails words of theirs to others through us
            "name": restaurant.name,
            "when": when(reservation.starts_at, reservation.tz),
            "link": "" if is_former else absolute(reservation.get_absolute_url()),
            "times": absolute(reverse("restaurants:restaurant", args=[restaurant.slug])),
            "by_restaurant": by is not None,
        }
    file = None if name == "no_show" else calendar_attachment(entry, reservation.reference)
    post(f"{FOLDER}/{name}", to, context, reservation.language, file, about=reservation)


def write_offer(entry: Any) -> None:
    """Write to a party on the waitlist that there is a table for it, and until when."""
    restaurant, offer = entry.restaurant, entry.offer
    with override(entry.language):
        context = {
            "name": restaurant.name,
            "when": when(offer.starts_at, restaurant.tz),
            "until": offer.clock(offer.expires_at),
            "link": absolute(entry.get_absolute_url()),
        }
    post(f"{FOLDER}/offered", entry.email, context, entry.language, about=entry)


def write_queue_link(entry: Any) -> None:
    """Write to a party that wants to join the queue: the link shows that the address is its own."""
    restaurant = entry.restaurant
    with override(entry.language):
        link = absolute(reverse("restaurants:confirm-queue", args=[entry.token_for(QUEUE_LINK)]))
        context = {"name": restaurant.name, "party": entry.party, "link": link}
    post(f"{FOLDER}/queue_link", entry.email, context, entry.language, about=entry)
