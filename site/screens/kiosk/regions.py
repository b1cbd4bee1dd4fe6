"""What a screen hears besides its board: emergency messages, and what it should do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from clocks import clock, earliest
from languages import in_each
from links.models import LinkedQuerySet
from links.regions import LinkRegion
from pages.nav import home_airport
from screens import topics
from screens.kiosk.faces import face_of
from screens.kiosk.keys import paired
from screens.models import Message, Screen


class Control(LinkRegion):
    """For one screen, by its key. A revoked key closes its socket with 4403."""

    path, stays = "kiosk/control/<str:token>/", True
    template = "screens/kiosk/_control.html"

    def things(self) -> LinkedQuerySet[Any]:
        return paired().prefetch_related("hours")

    @property
    def id(self) -> str:
        """Without the key, which is no text for a page."""
        return "screen-control"

    @property
    def screen(self) -> Screen:
        return cast(Screen, self.thing)

    def topics(self) -> list[str]:
        return [topics.screen(self.screen.pk), topics.messages()]

    def context(self) -> dict[str, Any]:
        screen, now = self.screen, timezone.now()
        message = Message.objects.current(now).for_zone(screen.zone).worst()
        return {
            "screen": screen,
            "face": face_of(screen, screen.shown_at(now)),
            "message": message,
            "texts": texts_of(message, screen.language_codes) if message else [],
        }

    def stale_at(self, now: datetime) -> datetime | None:
        return earliest(self.screen.changes_at(now), Message.objects.for_zone(self.screen.zone).next_change_at(now))


def texts_of(message: Message, codes: Sequence[str]) -> list[dict[str, str]]:
    """Its text in these languages, with what stands around it. Its sender is the airport: no person is named to everybody."""
    airport = home_airport()
    said = {"time": clock(message.expires, ZoneInfo(airport.zone)), "sender": airport.name}

    def words() -> dict[str, str]:
        return {"severity": str(message.get_severity_display()), "until": _("Until %(time)s · %(sender)s") % said}

    return [{"code": code, "text": message.text_in(code), **around} for code, around in in_each(codes, words)]
