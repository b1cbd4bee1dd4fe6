"""A domain that only these tests have: tickets that are held for a while and then bought by a form."""

from django.db import models

from bookings.holds import Holdable, HoldableQuerySet
from bookings.policies import Agreed
from once import Once, OnceQuerySet
from references import Referenced


class TicketQuerySet(OnceQuerySet, HoldableQuerySet):
    pass


class Ticket(Referenced, Once, Holdable, Agreed):
    show = models.CharField(max_length=20, default="matinee")

    objects = TicketQuerySet.as_manager()
