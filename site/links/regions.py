"""A region that anyone with a link may watch."""

from typing import Any, Self

from django.utils.functional import cached_property

from links.models import Linked, LinkedQuerySet
from live.regions import Region


class LinkRegion(Region):
    """Its path captures ``token``. A subclass says which ``things`` a link can open, and shows ``thing``."""

    by_link = True
    token: str

    def things(self) -> LinkedQuerySet[Any]:
        """``Reservation.objects.select_related("restaurant")``"""
        raise NotImplementedError

    @cached_property
    def thing(self) -> Linked:
        found: Linked = self.things().from_token(self.token)
        return found

    def of_read(self, thing: Linked) -> Self:
        """The same region for a page that has just looked up what the link opens."""
        self.thing = thing
        return self

    def allows(self, user: object) -> bool:
        """Asked again while the page is open, so that a revoked link ends it."""
        return self.things().has_token(self.token)

    def __repr__(self) -> str:
        """For logs, which must not have the token."""
        return f"<{type(self).__name__}>"
