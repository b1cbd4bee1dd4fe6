"""Models that are opened by a signed link, and a row for each opening."""

import logging
from datetime import datetime, timedelta
from typing import NoReturn, Self, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.http import Http404
from django.urls import reverse

from links import tokens
from links.devices import Device

log = logging.getLogger("airside.links")

ONE_OPENING = timedelta(minutes=10)  # within this time, one user on one kind of device makes one row
KEPT = timedelta(days=60)

Thing = TypeVar("Thing", bound="Linked")


class LinkedQuerySet(models.QuerySet[Thing]):
    """Base of the queryset of a Linked model. ``kind`` defaults to the model's own."""

    def from_token(self, token: str, kind: str = "") -> Thing:
        """The thing that a token opens. Http404 if it is altered or revoked, or if the thing is not in this queryset."""
        found = self.with_token(token, kind).first()
        return found if found is not None else refuse()

    def has_token(self, token: str, kind: str = "") -> bool:
        """Whether the token still opens something."""
        return self.with_token(token, kind).exists()

    def with_token(self, token: str, kind: str = "") -> Self:
        opened = tokens.read(token, kind or self.model.link_kind())
        if opened is None:
            return self.none()
        key, version = opened
        return self.filter(pk=key, link_version=version)


class Linked(models.Model):
    """A thing that anyone with its link may open. A subclass uses a LinkedQuerySet and names the view of the link.

    ``link_version`` is part of the token: another number revokes all earlier links.
    """

    link_view = ""  # such as restaurants:booked; its only argument is the token

    link_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def link_kind(cls) -> str:
        """The name that separates the tokens of different models: ``restaurants.reservation``."""
        return cls._meta.label_lower

    @property
    def token(self) -> str:
        return self.token_for(self.link_kind())

    def token_for(self, kind: str) -> str:
        """The token of a link for one purpose, such as a calendar feed, if a thing has several links."""
        return tokens.token(kind, self.pk, self.link_version)

    def get_absolute_url(self) -> str:
        return reverse(self.link_view, args=[self.token])

    def revoke_links(self) -> None:
        """Revoke all links made so far. The caller saves the row; a verb does so by itself."""
        self.link_version += 1


def refuse() -> NoReturn:
    log.warning("refused a signed link: altered, revoked, or its thing is gone")
    raise Http404


class OpeningQuerySet(models.QuerySet["Opening"]):
    def of(self, thing: Linked) -> Self:
        """Openings of a thing by its current link. Those of a revoked link belong to its former holder."""
        return self.filter(thing_model=thing.link_kind(), thing_key=thing.pk, version=thing.link_version)

    def record(self, kind: str, key: int, version: int, user: int | None, device: Device, at: datetime) -> None:
        """Record an opening. Another one within ONE_OPENING by the same user on the same kind of device is only counted."""
        link = {"thing_model": kind, "thing_key": key, "version": version}
        with transaction.atomic():
            same = self.filter(**link, user=user, device=device, at__gt=at - ONE_OPENING)
            if recent := same.order_by("-at").first():
                self.filter(pk=recent.pk).update(count=F("count") + 1, last_at=at)
            else:
                self.create(**link, user_id=user, device=device, at=at, last_at=at)

    def prune(self, now: datetime) -> None:
        self.filter(last_at__lt=now - KEPT).delete()


class Opening(models.Model):
    """A thing was opened by its link, ``count`` times within ONE_OPENING. No network address and no User-Agent is kept."""

    thing_model = models.CharField(max_length=100)
    thing_key = models.BigIntegerField()
    version = models.PositiveIntegerField()  # of the link
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    device = models.CharField(max_length=8, choices=Device)
    at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=1)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["thing_model", "thing_key", "at"], name="links_openings")]

    def __str__(self) -> str:
        return f"{self.thing_model} {self.thing_key} {self.device}"
