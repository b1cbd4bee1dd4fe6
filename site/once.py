"""Idempotency keys: a form that is sent twice does its work once.

The page has a key in a hidden field, the row that it makes keeps it, and a second request finds that row::

    class Booking(Once): objects = OnceQuerySet.as_manager()           # the model has ``key``
    class BookingForm(forms.Form): key = OnceField()                   # a new key in each page
    if made := Booking.objects.made_with(key, venue=venue): return made  # after taking the lock, before making one

The column is unique: two requests that come at the same moment can't make two rows, whatever they have read before.
``make_once`` is for what takes no lock.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy

from verbs.refusals import Refused

M = TypeVar("M", bound=models.Model)
RELOAD = gettext_lazy("Reload this page, then send it again.")


class KeyUsed(Refused):
    """The key made something else before: another page has sent it, or somebody has copied it."""


class OnceQuerySet(models.QuerySet[M]):
    def made_with(self, key: UUID | None, **scope: Any) -> M | None:
        """What was made with this key before, or None. Raises KeyUsed where its fields are not those of ``scope``."""
        made = self.model._default_manager.filter(key=key).first() if key else None
        if made and any(getattr(made, name) != value for name, value in scope.items()):
            raise KeyUsed(str(RELOAD))
        return made

    def make_once(self, key: UUID | None, make: Callable[[], M], **scope: Any) -> M:
        """What was made with this key before, or what ``make()`` makes now, with that key. Two at once get the same row."""
        if made := self.made_with(key, **scope):
            return made
        try:
            with transaction.atomic():
                return make()
        except IntegrityError:
            if made := self.made_with(key, **scope):
                return made
            raise


class Once(models.Model):
    """A model whose rows are made by forms. The key is None for what no form made."""

    key = models.UUIDField(unique=True, null=True, editable=False)

    class Meta:
        abstract = True


class OnceField(forms.UUIDField):
    """The hidden field of a form that has the page's key."""

    widget = forms.HiddenInput
    default_error_messages = {"required": RELOAD, "invalid": RELOAD}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"initial": uuid4, **options})
