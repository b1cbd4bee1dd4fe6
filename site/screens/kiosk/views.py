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
from languages import ALL, in_each
from links.tokens import absolute
from pages.nav import home_airport
from qr import qr_svg
from screens.kiosk import beats, keys, reports
from screens.kiosk.regions import Control
from screens.models import Pairing, Screen

FEW = 100  # screens: they may all load in half a minute
CODES_OF_ONE, CODES_OF_ALL = 60, 600  # new codes in ten minutes
POLLS = 60  # of one device, in a minute: three times as many as it sends
MONTH = 30 * 24 * 3600  # seconds

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
    if pairing and pairing.gives_key:
        return give_key(pairing, HttpResponse(render_to_string("screens/kiosk/paired.html", paired_context(pairing))))
    secret = ""
    if not (pairing and pairing.is_open):
        pairing, secret = new_pairing(request)
    context = {
        "code": pairing and pairing.code,
        "has_lost_its_key": keys.KEY in request.COOKIES,
        "texts": in_each(ALL, pairing_words),  # nobody has chosen a language yet
        "now": timezone.now(),
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


@private
@csrf_exempt
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """A device that shows a code says what it is, and asks whether the code was typed."""
    pairing = Pairing.objects.of_device(request.COOKIES.get(keys.SECRET, ""))
    if pairing is None:
        return JsonResponse({"error": "no code of this device"}, status=404)
    if pairing.gives_key:
        return give_key(pairing, JsonResponse(paired_context(pairing)))
    if not pairing.is_open:
        return JsonResponse({"go": reverse("screens:pair")})
    try:
        limits.check("kiosk-polls", pairing.pk, POLLS, limits.MINUTE)
        report = reports.self_test(reports.read(request.body))
    except reports.Invalid as fault:
        return JsonResponse({"error": str(fault)}, status=400)
    except limits.TooMany as refusal:
        return too_often(refusal)
    if report != pairing.report:
        pairing.report = report
        pairing.save(update_fields=["report"])
    return JsonResponse({"at": timezone.now().timestamp()})


def paired_context(pairing: Pairing) -> dict[str, Any]:
    """Where the device goes, and who has paired it, in words: someone who stands before it knows whether that is right."""
    assert pairing.screen is not None
    screen, by = pairing.screen, account(pairing.typed_by)

    def words() -> str:
        return gettext("Paired by %(account)s. The board follows.") % {"account": by}

    texts = dict(in_each(ALL, words))
    return {"go": reverse("screens:screen", args=[screen.slug]), "name": screen.name, "texts": texts}


def account(user: Any) -> str:
    """The name of a staff account. Its mail address, which is also its login, does not belong on a screen."""
    return user.get_full_name() or user.email.partition("@")[0] if user else "–"


def give_key(pairing: Pairing, response: HttpResponse) -> HttpResponse:
    assert pairing.screen is not None
    keys.give_key(response, pairing.screen)
    return response


@private
@require_safe
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Where a player starts that forgets cookies: its address has the key."""
    try:
        screen = keys.paired().from_token(token)
    except Http404:
        return HttpResponseRedirect(reverse("screens:pair"))
    response = HttpResponseRedirect(reverse("screens:screen", args=[screen.slug]))
    keys.give_key(response, screen)
    return response


@private
@require_safe
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    """The board on the glass. A device without this screen's key is sent to where it gets one."""
    screen = keys.screen_of(request)
    if screen is None or screen.slug != slug:
        return HttpResponseRedirect(reverse("screens:pair"))
    hours, airport = screen.shown_now, home_airport()
    context = {
        "screen": screen,
        "board": hours and hours.region(screen.language_codes),
        "control": Control(token=screen.token),
        "languages": screen.language_codes,
        "rows_per_page": screen.rows_per_page,
        "qr": qr_svg(absolute(hours.content.phone_url(hours.settings))) if hours and hours.content else "",
        "airport": airport,
        "page_airport": airport,
        "release": settings.RELEASE,
        "spread": spread(),
        "loaded_at": timezone.now(),
    }
    with override(screen.language_codes[0]):
        try:
            page = render_to_string("screens/kiosk/screen.html", context)
        except Http404:  # what the board is about is gone
            page = render_to_string("screens/kiosk/screen.html", {**context, "board": None})
    response = HttpResponse(page)
    keys.give_key(response, screen)  # renewed: browsers forget what is old
    return response


def spread() -> int:
    """Seconds over which all screens load a new release."""
    return 30 if keys.paired().count() <= FEW else 300


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
        return too_often(refusal)
    beats.record(screen, found)
    response = JsonResponse({"at": timezone.now().timestamp(), "reload": should_reload(screen, found)})
    if found.loaded_at < found.at - MONTH:
        keys.give_key(response, screen)  # else the cookie of a page that is never loaded again would end some day
    return response


def should_reload(screen: Screen, found: beats.Beat) -> bool:
    """In whole seconds, as the page knows when it was loaded: one loaded in the second of the order is not asked twice."""
    return screen.reload_before is not None and found.loaded_at < int(screen.reload_before.timestamp())


def too_often(refusal: limits.TooMany) -> HttpResponse:
    return JsonResponse({"error": "too often"}, status=429, headers={"Retry-After": str(refusal.retry_after)})
