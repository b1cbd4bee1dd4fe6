"""Turns the self-test of a device into sentences for the technician."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from screens.models import Screen


class Finding(NamedTuple):
    is_good: bool
    text: str


def of(report: dict[str, Any], screen: Screen) -> list[Finding]:
    """Findings about a device, by its report (kiosk/reports.py), for a screen that is set up like this."""
    return [engine(report), socket(report), worker(report), clock(report), size(report, screen)]


def engine(report: dict[str, Any]) -> Finding:
    words = {"engine": report.get("engine") or _("Its browser")}
    if report.get("live"):
        return Finding(True, _("%(engine)s can show the live board.") % words)
    text = _("%(engine)s is too old for the live board. It shows a plain one, which loads again each minute.")
    return Finding(False, text % words)


def socket(report: dict[str, Any]) -> Finding:
    if report.get("socket"):
        return Finding(True, _("A live connection gets through."))
    return Finding(False, _("No live connection gets through: the board asks every ten seconds. Allow WebSockets."))


def worker(report: dict[str, Any]) -> Finding:
    if report.get("worker"):
        return Finding(True, _("It starts without a network too, once it has been online."))
    return Finding(False, _("It can’t start without a network: it needs HTTPS, and a browser with service workers."))


def clock(report: dict[str, Any]) -> Finding:
    seconds = round(abs(report.get("clock_offset") or 0) / 1000)
    if seconds < 5:
        return Finding(True, _("Its clock is right."))
    text = _("Its clock is wrong by %(seconds)s s. The board shows the right time all the same.")
    return Finding(seconds < 60, text % {"seconds": seconds})


def size(report: dict[str, Any], screen: Screen) -> Finding:
    width, height = report.get("width") or 0, report.get("height") or 0
    words = {"width": width, "height": height}
    if not width or not height:
        return Finding(False, _("It does not say its resolution."))
    if (height > width) != screen.is_portrait:
        return Finding(False, _("%(width)s×%(height)s: it hangs the other way than it is set up.") % words)
    if min(width, height) < 720:
        return Finding(False, _("%(width)s×%(height)s is too coarse to be read from afar.") % words)
    return Finding(True, _("%(width)s×%(height)s.") % words)
