"""The device's side: it shows a code, takes its key, shows its board, and says what it has painted.

None of these pages has a session, so a page may live for months, and a device needs nothing but its key.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

import limits
from links.tokens import absolute
from pages.nav import home_airport
from qr import qr_svg
from screens.kiosk import beats, keys, reports
from screens.kiosk.regions import Control
from screens.models import Pairing, Screen, State

FEW = 100  # screens: they may all load in half a minute
CODES_OF_ONE, CODES_OF_ALL = 60, 600  # new codes in ten minutes

View = TypeVar("View", bound=Callable[..., HttpResponse])


def private(view: View) -> View:
    """Nobody keeps the answer, and no other site hears of its address.

    The header ``Airside-Kiosk`` says that the answer is ours: a screen takes any other for that of a captive portal.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "no-referrer"
        response["Airside-Kiosk"] = settings.RELEASE
        return response

    return cast(View, answer)


@private
@require_safe
def pair(request: HttpRequest) -> HttpResponse:
    """A device without a key shows a code. One with a key goes to its board."""
    if screen := keys.screen_of(request):
        return HttpResponseRedirect(reverse("screens:screen", args=[screen.slug]))
    pairing = Pairing.objects.of_device(request.COOKIES.get(keys.SECRET, ""))
    if pairing and pairing.screen:
        return paired(pairing.screen)
    secret = ""
    if not (pairing and pairing.is_open):
        pairing, secret = new_pairing(request)
    context = {
        "code": pairing and pairing.code,
        "expires_at": pairing and pairing.expires_at,
        "has_lost_its_key": keys.has_lost_its_key(request),
        "texts": in_each_language(pairing_words),
        "now": timezone.now(),
        "release": settings.RELEASE,
    }
    response = HttpResponse(render_to_string("screens/kiosk/pair.html", context), status=200 if pairing else 429)
    if secret:
        keys.give_secret(response, secret)
    return response


def new_pairing(request: HttpRequest) -> tuple[Pairing | None, str]:
    """A code for this device; none where too many were asked for."""
    try:
        limits.check("kiosk-codes", limits.address(request), CODES_OF_ONE, limits.TEN_MINUTES)
        limits.check("kiosk-codes", "all", CODES_OF_ALL, limits.TEN_MINUTES)
    except limits.TooMany:
        return None, ""
    return Pairing.objects.offer()


def pairing_words() -> dict[str, str]:
    return {
        "what": gettext("This screen is not set up yet."),
        "lost": gettext("The key of this screen was withdrawn. Set it up again."),
        "do": gettext("Type this code where the screen is set up: Screens, then the screen, then “Pair”."),
        "many": gettext("Too many new codes were asked for. The next one comes in a few minutes."),
    }


def in_each_language(words: Callable[[], dict[str, str]]) -> dict[str, dict[str, str]]:
    """The words by language code: nobody has chosen a language yet."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = words()
    return found


@private
@csrf_exempt
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """A device that shows a code says what it is, and asks whether the code was typed."""
    pairing = Pairing.objects.of_device(request.COOKIES.get(keys.SECRET, ""))
    if pairing is None:
        raise Http404
    if pairing.screen:
        response = paired(pairing.screen, JsonResponse({"go": reverse("screens:screen", args=[pairing.screen.slug])}))
        return response
    if not pairing.is_open:
        return JsonResponse({"go": reverse("screens:pair")})
    try:
        report = reports.self_test(reports.read(request.body))
    except reports.Invalid as fault:
        return JsonResponse({"error": str(fault)}, status=400)
    if report != pairing.report:
        pairing.report = report
        pairing.save(update_fields=["report"])
    return JsonResponse({"at": timezone.now().timestamp()})


def paired(screen: Screen, response: HttpResponse | None = None) -> HttpResponse:
    response = response or HttpResponseRedirect(reverse("screens:screen", args=[screen.slug]))
    keys.give_key(response, screen)
    return response


@private
@require_safe
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Where a player starts that forgets cookies: its address has the key."""
    try:
        return paired(Screen.objects.from_token(token))
    except Http404:
        return HttpResponseRedirect(reverse("screens:pair"))


@private
@require_safe
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    """The board on the glass. A device without this screen's key is sent to where it gets one."""
    screen = keys.screen_of(request)
    if screen is None or screen.slug != slug:
        return HttpResponseRedirect(reverse("screens:pair"))
    hours = screen.shown_now
    languages = screen.language_codes
    with override(languages[0]):
        context = {
            "screen": screen,
            "hours": hours,
            "content": hours and hours.content,
            "board": board_or_none(screen),
            "control": Control(token=screen.token),
            "languages": languages,
            "rows_per_page": screen.rows_per_page,
            "qr": qr_svg(absolute(hours.content.phone_url(hours.settings))) if hours and hours.content else "",
            "airport": home_airport(),
            "page_airport": home_airport(),
            "release": settings.RELEASE,
            "spread": spread(),
            "loaded_at": timezone.now(),
        }
        response = HttpResponse(render_to_string("screens/kiosk/screen.html", context))
    keys.give_key(response, screen)  # renewed: browsers forget what is old
    return response


def spread() -> int:
    """Seconds over which all screens load a new release."""
    return 30 if Screen.objects.filter(state=State.PAIRED).count() <= FEW else 300


def board_or_none(screen: Screen) -> Any:
    """The live list of the screen; None where its subject is gone."""
    try:
        board = beats.board_of(screen)
        if board is not None:
            board.render()
        return board
    except Http404:
        return None


@private
@csrf_exempt
@require_POST
def beat(request: HttpRequest, slug: str) -> HttpResponse:
    """A heartbeat. Answers with the server's time, and whether the page should be loaded again."""
    screen = keys.screen_of(request)
    if screen is None or screen.slug != slug:
        return JsonResponse({"error": "no key of this screen"}, status=403)
    try:
        limits.check("kiosk-beats", screen.pk, 120, limits.MINUTE)
        found = beats.Beat.read(request.body)
    except reports.Invalid as fault:
        return JsonResponse({"error": str(fault)}, status=400)
    except limits.TooMany as refusal:
        return JsonResponse({"error": "too often"}, status=429, headers={"Retry-After": str(refusal.retry_after)})
    beats.record(screen, found)
    return JsonResponse({"at": timezone.now().timestamp(), "reload": should_reload(screen, found)})


def should_reload(screen: Screen, found: beats.Beat) -> bool:
    return screen.reload_before is not None and found.loaded_at < screen.reload_before.timestamp()
