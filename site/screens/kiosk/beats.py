"""Heartbeats of screens: what is on the glass, and whether it is what should be there.

A page says every ten seconds what it has painted. The newest heartbeat is kept in the cache, which all processes share;
the database hears of it when what staff see of the screen changes, and once a minute.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from live.outbox import publish
from live.regions import Region
from pages.nav import home_zone
from screens import topics
from screens.kiosk import reports
from screens.kiosk.faces import face_of
from screens.models import Glass, Message, Screen, Showing, Trouble

EVERY = 10  # seconds between two heartbeats
SILENT = 30  # seconds without one
PLAIN_LATE = 100  # where the page of an old engine loads again each minute
HOURS_LATE = 120  # where the page has to be loaded again, which it does between two pages
KEPT = 600  # seconds that the cache keeps one
WRITTEN_EVERY = 60  # seconds between two writes if nothing changes
STILL = 5  # seconds without a painted frame: the picture stands
CUT = 15  # seconds without a live connection
LATE = 30  # seconds after which a screen has to show a change
CLOCK_WRONG = 60_000  # ms
OLD_RELEASE = 900  # seconds that a screen may take to load a new release
COPY = 120  # seconds in which two devices that take turns have one key
SAMPLED_EVERY = 10  # seconds between two renderings of a board, to know its version
EPOCH = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
FAR = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


class Beat(NamedTuple):
    """One heartbeat. Times are seconds since 1970 by the server's clock."""

    at: float
    device: str  # new at each load of the page
    loaded_at: float
    release: str
    engine: str
    width: int
    height: int
    clock_offset: int  # ms that the device's clock is ahead
    version: str  # of the board that was painted last
    version_at: float  # when it arrived
    still: int  # seconds since the last painted frame
    page: int
    pages: int
    message: int  # the emergency message that was painted; 0 for none
    cut: bool  # no live connection
    face: str  # what the page was loaded for: faces.py; "" if it does not say
    # what earlier heartbeats tell
    cut_since: float = 0
    release_since: float = 0
    face_since: float = 0  # since when it should show another
    devices: Sequence[tuple[str, float]] = ()  # the last few that took turns: each with when it was last heard

    @classmethod
    def read(cls, body: bytes) -> Self:
        """The heartbeat in the body of a request. Raises reports.Invalid."""
        said = reports.read(body)
        now = time.time()
        return cls(
            at=now,
            device=reports.word(said, "device", 36),
            loaded_at=min(reports.whole(said, "loaded_at", 0, int(FAR)), now),
            release=reports.word(said, "release", 64),
            engine=reports.word(said, "engine", 40),
            width=reports.whole(said, "width", 0, 20_000),
            height=reports.whole(said, "height", 0, 20_000),
            clock_offset=reports.whole(said, "clock_offset", -(2**31), 2**31 - 1),
            version=reports.word(said, "version", 24),
            version_at=min(reports.whole(said, "version_at", 0, int(FAR)), now),
            still=reports.whole(said, "painted_at", 0, 10**6),
            page=reports.whole(said, "page", 0, 1000),
            pages=reports.whole(said, "pages", 0, 1000),
            message=reports.whole(said, "message", 0, 2**62) if said.get("message") is not None else 0,
            cut=reports.yes(said, "cut"),
            face=reports.word(said, "face", 40),
        )

    def after(self, last: "Beat | None", face: str) -> Self:
        """With what earlier heartbeats tell. ``face``: what its page should be loaded for."""
        devices = list(last.devices) if last else []
        if devices and devices[-1][0] == self.device:
            devices.pop()
        return self._replace(
            cut_since=((last and last.cut_since) or self.at) if self.cut else 0,
            release_since=((last and last.release_since) or self.at) if self.release != settings.RELEASE else 0,
            face_since=((last and last.face_since) or self.at) if self.face and self.face != face else 0,
            devices=[*devices, (self.device, self.at)][-4:],
        )

    @property
    def is_of_two_devices(self) -> bool:
        """Whether a device came back after another one: a page that is loaded again does not."""
        lately = [device for device, at in self.devices if at >= self.at - COPY]
        return len(lately) > len(set(lately))

    @property
    def is_plain(self) -> bool:
        """Whether its engine is too old for the live board."""
        return self.engine.startswith("plain")


def record(screen: Screen, beat: Beat) -> None:
    """Keep a heartbeat. ``screen`` has its hours prefetched, and its glass with it."""
    hours = screen.shown_at(timezone.now(), zone())
    beat = beat.after(newest(screen.pk), face_of(screen, hours))
    keep(screen.pk, beat)
    trouble = trouble_of(beat, hours.region(screen.language_codes) if hours else None)
    before: Glass | None = getattr(screen, "glass", None)
    news = before is None or is_news(before, beat, trouble)
    if before is not None and not news and not is_due(before, beat):
        return
    with transaction.atomic():
        glass, _made = Glass.objects.update_or_create(screen=screen, defaults=values_of(beat))
        glass.tell(trouble)
        if beat.message and (before is None or before.message != beat.message):
            shown = Message.objects.current(timezone.now()).for_zone(screen.zone).filter(pk=beat.message).first()
            if shown:
                Showing.objects.get_or_create(message=shown, screen=screen)
        if news:  # what staff watch is rendered anew every half minute anyway, to know who is silent
            publish(topics.screens())


def trouble_of(beat: Beat, board: Region | None) -> str:
    """What is wrong with a screen, the worst of it; "" if it shows what it should."""
    if beat.still >= STILL:
        return Trouble.PICTURE
    if beat.is_of_two_devices:
        return Trouble.COPIED
    if beat.face_since and beat.at - beat.face_since >= HOURS_LATE:
        return Trouble.OLD
    if board is not None and is_old(beat, samples(board)):
        return Trouble.OLD
    if beat.cut and beat.at - beat.cut_since >= CUT:
        return Trouble.CUT
    if beat.release_since and beat.at - beat.release_since >= OLD_RELEASE:
        return Trouble.RELEASE
    if abs(beat.clock_offset) > CLOCK_WRONG:
        return Trouble.CLOCK
    return ""


def is_old(beat: Beat, sampled: "Sequence[Sample]") -> bool:
    """Whether the board has changed since the painted version arrived, so long ago that the screen should show it.

    A board may have had versions between two samples, so another version alone proves nothing.
    """
    if not sampled or beat.version == sampled[-1].version:
        return False
    late = PLAIN_LATE if beat.is_plain else LATE
    return any(beat.version_at < sample.since <= beat.at - late for sample in sampled if sample.version != beat.version)


class Sample(NamedTuple):
    version: str
    since: float


def samples(board: Region) -> list[Sample]:
    """The last versions of a board, each with when it was first seen. One rendering in ten seconds, for all screens.

    None of a board whose subject is gone.
    """
    key, now = f"screens-board-{board.address}", time.time()
    found = [Sample(*values) for values in cache.get(key, ())]
    if cache.add(f"{key}-{now // SAMPLED_EVERY:.0f}", 1, 2 * SAMPLED_EVERY):
        try:
            version = board.render().version
        except Http404:
            cache.delete(key)
            return []
        if not found or found[-1].version != version:
            found = [*found, Sample(version, now)][-8:]
        cache.set(key, [tuple(sample) for sample in found], KEPT)
    return found


def board_of(screen: Screen) -> Region | None:
    """The live list that the screen should show now."""
    shown = screen.shown_now
    return shown.region(screen.language_codes) if shown else None


def zone() -> ZoneInfo:
    """The airport's time zone, looked up once a minute: a heartbeat is to cost two queries."""
    return ZoneInfo(str(cache.get_or_set("screens-zone", lambda: home_zone().key, 60)))


def is_due(before: Glass, beat: Beat) -> bool:
    """Whether the row is a minute old, or was written before the board was painted."""
    if beat.version and not before.version:
        return True
    return beat.at - before.seen_at.timestamp() >= WRITTEN_EVERY


def is_news(before: Glass, beat: Beat, trouble: str) -> bool:
    """Whether staff would see another thing."""
    shown = (before.trouble, before.message or 0, before.release, before.width, before.height, before.device)
    return shown != (trouble, beat.message, beat.release, beat.width, beat.height, beat.device)


def values_of(beat: Beat) -> dict[str, Any]:
    return {
        "seen_at": moment(beat.at),
        "device": beat.device,
        "loaded_at": moment(beat.loaded_at),
        "release": beat.release,
        "engine": beat.engine,
        "width": beat.width,
        "height": beat.height,
        "clock_offset": beat.clock_offset,
        "version": beat.version,
        "version_at": moment(beat.version_at),
        "painted_at": moment(beat.at - beat.still),
        "page": beat.page,
        "pages": beat.pages,
        "message": beat.message or None,
    }


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(max(seconds, EPOCH), UTC)


# The newest heartbeat of each screen


def keep(screen: int, beat: Beat) -> None:
    cache.set(key_of(screen), beat._asdict(), KEPT)


def newest(screen: int) -> Beat | None:
    return newest_of([screen]).get(screen)


def newest_of(screens: Sequence[int]) -> dict[int, Beat]:
    """The newest heartbeats of these screens, by their keys, in one call. One that another release has kept is left out."""
    found = cache.get_many([key_of(pk) for pk in screens])
    kept = {pk: found[key_of(pk)] for pk in screens if key_of(pk) in found}
    return {pk: Beat(**values) for pk, values in kept.items() if isinstance(values, dict) and is_whole(values)}


def is_whole(values: dict[str, Any]) -> bool:
    return set(values) == set(Beat._fields)


def key_of(screen: int) -> str:
    return f"screens-beat-{screen}"


def silent_from(glass: Glass, beat: Beat | None) -> datetime:
    """When a screen counts as silent if nothing more is heard of it.

    The cache knows each heartbeat. Where it has none, or misses the one of the row, it has lost some or is not shared (server/
    caching.py): then the row alone counts, which may be a minute old.
    """
    written = glass.seen_at.timestamp()
    if beat is None or beat.at < written - 1 or not cache_is_shared():
        return moment(written + WRITTEN_EVERY + SILENT)
    return moment(beat.at + SILENT)


def cache_is_shared() -> bool:
    """Whether the cache had all heartbeats of late: not while each process has its own, nor shortly after that."""
    was_away = getattr(cache, "was_away", None)
    return was_away is None or not was_away(SILENT)
