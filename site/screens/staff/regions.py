"""What staff see of screens: where each hangs, what it should show, and what is on the glass."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from clocks import earliest, recent
from live.regions import ListRegion, Region
from pages.nav import home_zone
from screens import sizes, topics
from screens.kiosk import beats
from screens.models import Glass, Message, Screen, Showing, State, Trouble

TONES = {
    Trouble.SILENT: "bad",
    Trouble.PICTURE: "bad",
    Trouble.COPIED: "bad",
    Trouble.OLD: "bad",
    Trouble.CUT: "warn",
    Trouble.RELEASE: "warn",
    Trouble.CLOCK: "warn",
}


class ScreenRow(NamedTuple):
    """One screen on the wall, in words."""

    id: int
    slug: str
    name: str
    place: str
    zone: str
    state: str
    tone: str
    should: str  # what it should show now
    shows: str  # what is on the glass
    page: str
    seen: str
    release: str
    size: str
    clock: str
    orientation: str
    reads_to: str


def screen_row(screen: Screen, beat: beats.Beat | None, now: datetime, zone: ZoneInfo) -> ScreenRow:
    """``zone``: of the airport, whose clock all times are by."""
    glass: Glass | None = getattr(screen, "glass", None)
    trouble = trouble_now(screen, glass, beat, now)
    shown = screen.shown_at(now, zone)
    state, tone = state_words(screen, glass, trouble)
    reach = sizes.reads_to(screen.inches, screen.rows_per_page, screen.is_portrait)
    return ScreenRow(
        id=screen.pk,
        slug=screen.slug,
        name=screen.name,
        place=screen.place,
        zone=screen.zone,
        state=state,
        tone=tone,
        should=shown.title if shown else _("Nothing is set up"),
        shows=glass_words(glass, trouble, zone) if glass else "",
        page=_("page %(page)s of %(pages)s") % {"page": glass.page, "pages": glass.pages}
        if glass and glass.pages
        else "",
        seen=recent(last_seen(glass, beat), zone) if glass and trouble == Trouble.SILENT else "",
        release="" if glass is None or glass.release == settings.RELEASE else glass.release[:12],
        size=f"{glass.width}×{glass.height}" if glass and glass.width else "",
        clock=clock_words(glass.clock_offset) if glass else "",
        orientation=str(screen.get_orientation_display()),
        reads_to=_("%(rows)s rows, legible from %(metres)s m")
        % {"rows": screen.rows_per_page, "metres": f"{reach:.0f}"},
    )


def last_seen(glass: Glass, beat: beats.Beat | None) -> datetime:
    return beats.moment(beat.at) if beat else glass.seen_at


def trouble_now(screen: Screen, glass: Glass | None, beat: beats.Beat | None, now: datetime) -> str:
    if glass is None or screen.state != State.PAIRED:
        return ""
    return Trouble.SILENT if now >= beats.silent_from(glass, beat) else glass.trouble


def state_words(screen: Screen, glass: Glass | None, trouble: str) -> tuple[str, str]:
    if screen.state != State.PAIRED:
        return str(screen.get_state_display()), ""
    if glass is None:
        return _("Not heard yet"), "warn"
    if trouble:
        return str(Trouble(trouble).label), TONES[Trouble(trouble)]
    return _("Shows what it should"), "good"


def glass_words(glass: Glass, trouble: str, zone: ZoneInfo) -> str:
    """What is on the glass, where that is not what should be there."""
    if trouble in (Trouble.OLD, Trouble.CUT, Trouble.SILENT) and glass.version_at:
        return _("shows the board of %(time)s") % {"time": recent(glass.version_at, zone)}
    if trouble == Trouble.PICTURE and glass.painted_at:
        return _("the picture stands since %(time)s") % {"time": recent(glass.painted_at, zone)}
    return ""


def clock_words(offset: int) -> str:
    """By how much the device's clock is wrong; "" below two seconds."""
    if abs(offset) < 2000:
        return ""
    words = _("%(seconds)s s ahead") if offset > 0 else _("%(seconds)s s behind")
    return words % {"seconds": abs(offset) // 1000}


class Wall(ListRegion):
    """All screens, those in trouble first."""

    path, query = "screens/wall/", ("zone",)
    template, row_template = "screens/staff/_wall.html", "screens/staff/_wall_row.html"
    row_prefix = "screen-"

    def allows(self, user: Any) -> bool:
        return bool(user.has_perm("screens.view_screen"))

    def topics(self) -> list[str]:
        return [topics.screens(), topics.messages()]

    @cached_property
    def screens(self) -> Sequence[Screen]:
        screens = Screen.objects.select_related("glass").prefetch_related("hours")
        return list(screens.filter(zone=zone) if (zone := self.filters.get("zone")) else screens)

    @cached_property
    def beats(self) -> dict[int, beats.Beat]:
        return beats.newest_of([screen.pk for screen in self.screens])

    @cached_property
    def zone(self) -> ZoneInfo:
        return home_zone()

    @cached_property
    def sorted_rows(self) -> list[ScreenRow]:
        now = timezone.now()
        order = ["bad", "warn", "good", ""]
        rows = [screen_row(screen, self.beats.get(screen.pk), now, self.zone) for screen in self.screens]
        return sorted(rows, key=lambda row: (order.index(row.tone), row.name.lower()))

    def rows(self) -> list[ScreenRow]:
        return self.sorted_rows

    def context(self) -> dict[str, Any]:
        rows = self.sorted_rows
        return {
            "well": sum(row.tone == "good" for row in rows),
            "all": sum(bool(row.tone) for row in rows),
            "zones": sorted({screen.zone for screen in Screen.objects.all() if screen.zone}),
            "messages": Message.objects.current(timezone.now()),
        }

    def stale_at(self, now: datetime) -> datetime | None:
        """When the next screen falls silent if it is not heard of, or shows something else, or a message ends."""
        silent = [
            beats.silent_from(glass, self.beats.get(screen.pk))
            for screen in self.screens
            if screen.state == State.PAIRED and (glass := getattr(screen, "glass", None))
        ]
        changes = [screen.changes_at(now, self.zone) for screen in self.screens]
        ending = Message.objects.all().next_change_at(now)
        return earliest(*(moment for moment in silent if moment > now), *changes, ending)


class ScreenState(Region):
    """One screen, for its page."""

    path = "screens/state/<int:pk>/"
    template = "screens/staff/_state.html"
    pk: int

    def allows(self, user: Any) -> bool:
        return bool(user.has_perm("screens.view_screen"))

    @cached_property
    def screen(self) -> Screen:
        screen = Screen.objects.select_related("glass").prefetch_related("hours").filter(pk=self.pk).first()
        if screen is None:
            raise Http404(f"No screen {self.pk}")
        return screen

    def topics(self) -> list[str]:
        return [topics.screens(), topics.screen(self.pk)]

    def context(self) -> dict[str, Any]:
        row = screen_row(self.screen, beats.newest(self.pk), timezone.now(), home_zone())
        return {"row": row, "screen": self.screen, "glass": getattr(self.screen, "glass", None)}

    def stale_at(self, now: datetime) -> datetime | None:
        glass = getattr(self.screen, "glass", None)
        silent = beats.silent_from(glass, beats.newest(self.pk)) if glass else None
        return earliest(silent if silent and silent > now else None, self.screen.changes_at(now))


class MessageRow(NamedTuple):
    id: int
    text: str
    severity: str
    severity_word: str
    zone: str
    span: str
    sender: str
    ended: str  # how it ended, in words; "" while it is shown
    shown: int
    of: int
    missing: tuple[tuple[str, str], ...]  # screens that do not show it: name, and why


class Messages(ListRegion):
    """Emergency messages, the newest first, with the screens that have shown them."""

    path = "screens/messages/"
    template, row_template = "screens/staff/_messages.html", "screens/staff/_message_row.html"
    row_prefix = "message-"
    MOST = 20

    def allows(self, user: Any) -> bool:
        return bool(user.has_perm("screens.view_screen"))

    def topics(self) -> list[str]:
        return [topics.messages(), topics.screens()]

    @cached_property
    def screens(self) -> Sequence[Screen]:
        return list(Message.objects.screens_of("").select_related("glass"))

    @cached_property
    def beats(self) -> dict[int, beats.Beat]:
        return beats.newest_of([screen.pk for screen in self.screens])

    def rows(self) -> list[MessageRow]:
        found = list(Message.objects.select_related("sent_by", "cancelled_by")[: self.MOST])
        shown: defaultdict[int, set[int]] = defaultdict(set)
        for message, screen in Showing.objects.filter(message__in=found).values_list("message", "screen"):
            shown[message].add(screen)
        zone = home_zone()
        return [self.row(message, shown[message.pk], zone) for message in found]

    def row(self, message: Message, shown: Collection[int], zone: ZoneInfo) -> MessageRow:
        now = timezone.now()
        screens = [screen for screen in self.screens if message.zone in ("", screen.zone)]
        missing = [screen for screen in screens if screen.pk not in shown]
        why = [(screen.name, why_missing(screen, self.beats.get(screen.pk), now, zone)) for screen in missing]
        return MessageRow(
            id=message.pk,
            text=message.text,
            severity=message.severity,
            severity_word=str(message.get_severity_display()),
            zone=message.zone,
            span=f"{recent(message.effective, zone)} – {recent(message.cancelled_at or message.expires, zone)}",
            sender=str(message.sent_by),
            ended=self.end_of(message),
            shown=len(screens) - len(missing),
            of=len(screens),
            missing=tuple(why) if message.is_current else (),
        )

    def end_of(self, message: Message) -> str:
        if message.is_current:
            return ""
        if message.cancelled_by:
            return _("Withdrawn by %(name)s") % {"name": message.cancelled_by}
        return _("Ended")

    def stale_at(self, now: datetime) -> datetime | None:
        return Message.objects.all().next_change_at(now)


def why_missing(screen: Screen, beat: beats.Beat | None, now: datetime, zone: ZoneInfo) -> str:
    glass: Glass | None = getattr(screen, "glass", None)
    if glass is None:
        return _("not heard yet")
    if trouble_now(screen, glass, beat, now) == Trouble.SILENT:
        return _("silent since %(time)s") % {"time": recent(last_seen(glass, beat), zone)}
    return _("has not painted it yet")
