"""What can be pinned to the stage's screen. One thing is there at a time: pinning another one takes it down."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bookings.events import topics
from bookings.events.models.events import Event
from verbs.models import Tracked, verb


class Pinnable(Tracked):
    """A question or a poll. Every verb of these locks the event first: two moderators can't pin two things at once."""

    pinned_at = models.DateTimeField(gettext_lazy("on the stage’s screen since"), null=True, editable=False)

    event_id: int

    class Meta:
        abstract = True

    def lock(self) -> None:
        Event.objects.select_for_update(no_key=True).values_list("pk").get(pk=self.event_id)
        # no_key: votes for it, which have its key, need not wait
        self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(no_key=True))

    @property
    def is_pinned(self) -> bool:
        return self.pinned_at is not None

    @property
    def is_shown(self) -> bool:
        """Whether everybody present sees it."""
        raise NotImplementedError

    def topics(self) -> list[str]:
        """What only moderators see, nobody else hears of."""
        return [topics.moderation(self.event_id), *([topics.present(self.event_id)] if self.is_shown else [])]

    @verb
    def pin(self) -> None:
        """Show it on the stage's screen, instead of what is there."""
        if self.is_pinned:
            return
        for model in Pinnable.__subclasses__():
            for other in pinned(model).filter(event=self.event_id):
                other.unpin(**(self.context or {}))
        self.pinned_at = timezone.now()

    @verb
    def unpin(self) -> None:
        self.pinned_at = None


def pinned(model: Any) -> Any:
    return model.objects.filter(pinned_at__isnull=False)
