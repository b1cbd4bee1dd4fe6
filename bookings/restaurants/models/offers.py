"""The waitlist: what becomes free is offered to the first party on it that fits, for ``CLAIM``; then to the next.

Offers are made whenever a verb has freed tables, and every few seconds by the serving process, since a hold that expires
and a day that is opened again free some too. However many do it at once, the lock of the restaurant's book lets
one at a time, and who comes later finds what is done.
"""

from functools import partial
from itertools import groupby

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from bookings.restaurants import links
from bookings.restaurants.guests import mail
from bookings.restaurants.models import Restaurant, State, Use, WaitlistEntry
from bookings.restaurants.models.availability import Availability
from bookings.restaurants.models.slots import slot_of, slots_for
from bookings.restaurants.words import when


def make_all(now=None):
    """Make the offers that are due, at all restaurants."""
    now = now or timezone.now()
    for restaurant in Restaurant.objects.filter(waitlist__in=open_entries(now)).select_related("airport").distinct():
        make(restaurant, now)


def make(restaurant, now=None):
    """Let offers lapse that nobody took, and offer what is free to who waits for it. Nothing is locked for nothing."""
    now = now or timezone.now()
    if lapsed(restaurant, now) or any(fitting(restaurant, now)):
        with transaction.atomic():
            restaurant.lock()
            for entry in lapsed(restaurant, now):
                entry.lapse()
            for entry, time, tables in fitting(restaurant, now):
                entry.offer_time(time, tables, now)
                transaction.on_commit(partial(tell, entry), robust=True)


def open_entries(now):
    waiting = Q(state=WaitlistEntry.State.WAITING, last__gte=slot_of(now))
    return WaitlistEntry.objects.filter(waiting | Q(state=WaitlistEntry.State.OFFERED))


def lapsed(restaurant, now):
    """Wishes whose offer is a hold no more: it has expired, somebody gave it back, or it is gone altogether."""
    offered = WaitlistEntry.objects.filter(restaurant=restaurant, state=WaitlistEntry.State.OFFERED).select_related(
        "offer"
    )
    return [
        entry
        for entry in offered
        if not (entry.offer and entry.offer.state == State.HELD and entry.offer.expires_at > now)
    ]


def fitting(restaurant, now):
    """Who waits, with the first time that is free for them and its best tables, in the order in which they came.

    A generator: what its caller takes for one of them is taken for those that follow.
    """
    waiting = open_entries(now).filter(restaurant=restaurant, state=WaitlistEntry.State.WAITING)
    for day, waitlist in groupby(waiting.order_by("day", "made_at", "pk"), key=lambda entry: entry.day):
        availability = None
        for entry in waitlist:
            availability = availability or Availability(restaurant, day, now=now)
            if found := first_free(availability, entry):
                yield entry, *found
                availability = None


def first_free(availability, entry):
    for time in availability.times(entry.day, entry.party):
        if time.is_free and entry.first <= time.slot <= entry.last:
            return time, availability.free_tables(time.slot, slots_for(time.turn), entry.party, channel=Use.ONLINE)
    return None


def tell(entry):
    """Write to a party that there is a table for it, and until when."""
    restaurant, offer = entry.restaurant, entry.offer
    with override(entry.language):
        words = {
            "who": entry.name,
            "name": restaurant.name,
            "when": when(offer.starts_at, restaurant.tz),
            "until": offer.clock(offer.expires_at),
            "link": mail.absolute(reverse("restaurants:waiting", args=[links.waiting_token(entry)])),
        }
        text = _(
            "%(who)s, there is a table for you at %(name)s: %(when)s.\n\n"
            "It is kept for you until %(until)s. Take it here, or leave it to the next:\n%(link)s\n"
        )
        subject = _("A table at %(name)s, kept for you until %(until)s")
        send_mail(subject % words, text % words, None, [entry.email])
