"""What guests are written: that they have a table, at another time, no more; and that one was handed on to them."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, override

from clocks import when

SUBJECTS = {
    "booked": gettext_lazy("Your table at %(name)s, %(when)s"),
    "changed": gettext_lazy("Changed: your table at %(name)s, now %(when)s"),
    "cancelled": gettext_lazy("Cancelled: your table at %(name)s, %(when)s"),
    "transferred": gettext_lazy("A table at %(name)s is yours: %(when)s"),
}
OF_VERB = {"confirm": "booked", "book": "booked", "change": "changed", "cancel": "cancelled", "transfer": "transferred"}


def tell(reservation, verb):
    """Write to a reservation's guest after this verb, if it is one that they should know of and they left an address."""
    what = OF_VERB.get(verb)
    was_booked = reservation.cancel_until is not None
    if what and was_booked and reservation.email:
        with override(reservation.language):
            write(reservation, what)


def write(reservation, what):
    from bookings.restaurants import links
    from bookings.restaurants.guests.calendar import calendar_of

    words = {"name": reservation.restaurant.name, "when": when(reservation.starts_at, reservation.tz)}
    context = {
        "reservation": reservation,
        "restaurant": reservation.restaurant,
        "link": absolute(links.address_of(reservation)),
        **words,
    }
    mail = EmailMessage(
        SUBJECTS[what] % words, render_to_string(f"restaurants/guests/mail/{what}.txt", context), to=[reservation.email]
    )
    method = "CANCEL" if what == "cancelled" else "PUBLISH"
    mail.attach(f"{reservation.reference}.ics", calendar_of(reservation).decode(), f"text/calendar; method={method}")
    mail.send()


def tell_offer(entry):
    """Write to a party that there is a table for it, and until when."""
    from bookings.restaurants import links

    restaurant, offer = entry.restaurant, entry.offer
    with override(entry.language):
        words = {
            "who": entry.name,
            "name": restaurant.name,
            "when": when(offer.starts_at, restaurant.tz),
            "until": offer.clock(offer.expires_at),
            "link": absolute(reverse("restaurants:waiting", args=[links.waiting_token(entry)])),
        }
        text = gettext(
            "%(who)s, there is a table for you at %(name)s: %(when)s.\n\n"
            "It is kept for you until %(until)s. Take it here, or leave it to the next:\n%(link)s\n"
        )
        subject = gettext("A table at %(name)s, kept for you until %(until)s")
        EmailMessage(subject % words, text % words, to=[entry.email]).send()


def absolute(path):
    """An address for a mail, where no request tells under which one this site is reached."""
    origin = settings.AIRSIDE_ORIGINS[0] if settings.AIRSIDE_ORIGINS else f"http://{settings.HOST}:{settings.PORT}"
    return origin + path
