"""Signed links: whoever has one may open what it is for. A number in an address never grants anything.

A link carries the number of times it was made anew, so that it can be revoked: by handing a booking on.
"""

import logging

from django.contrib.auth import get_user_model
from django.core import signing
from django.http import Http404
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from bookings.restaurants.models import QueueEntry, Reservation, WaitlistEntry

log = logging.getLogger("airside.restaurants")

RESERVATION, WAITING, FEED = "restaurants.reservation", "restaurants.waiting", "restaurants.feed"
KINDS = {"waitlistentry": WaitlistEntry, "queueentry": QueueEntry}


def token_of(reservation):
    return signing.Signer(salt=RESERVATION).sign_object([reservation.pk, reservation.link_version])


def reservation_of(token):
    """The Reservation that a link is for. Http404 where it is altered, revoked, or its reservation gone."""
    key, link = opened(token, RESERVATION)
    found = (
        Reservation.objects.select_related("restaurant__airport", "service").filter(pk=key, link_version=link).first()
    )
    return found or refuse("revoked, or its reservation is gone")


def waiting_token(waiting):
    """A token for an entry of the queue or of the waitlist."""
    return signing.Signer(salt=WAITING).sign_object([type(waiting).__name__.lower(), waiting.pk])


def waiting_of(token):
    """The QueueEntry or WaitlistEntry that a link is for. Http404 where it is altered, or gone."""
    kind, key = opened(token, WAITING)
    found = KINDS[kind].objects.select_related("restaurant__airport").filter(pk=key).first()
    return found or refuse("gone")


def address_of(reservation):
    return reverse("restaurants:booked", args=[token_of(reservation)])


def feed_token(user):
    """Of all bookings of a user, for their calendar, which can't sign in. Another password makes another link."""
    return signing.Signer(salt=FEED).sign_object([user.pk, fingerprint(user)])


def user_of_feed(token):
    """The user whose calendar it is. Http404 where it is altered, revoked, or its user gone."""
    key, signed = opened(token, FEED)
    found = get_user_model().objects.filter(pk=key, is_active=True).first()
    if found and constant_time_compare(signed, fingerprint(found)):
        return found
    return refuse("revoked, or its user is gone")


def fingerprint(user):
    return salted_hmac(FEED, user.password).hexdigest()[:16]


def opened(token, salt):
    try:
        return signing.Signer(salt=salt).unsign_object(token)
    except (signing.BadSignature, ValueError):
        refuse("altered")


def refuse(why):
    log.warning("refused a signed link: %s", why)
    raise Http404
