"""Staff look after screens: the wall, the set-up of each, and emergency messages to them."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import limits
from links.tokens import absolute
from screens import sizes
from screens.contents import CONTENTS, Content
from screens.models import Hours, Screen, State
from screens.staff import regions, verdict
from screens.staff.forms import FORMS, End, Extend, HoursFields, NewMessage, NewScreen
from screens.staff.timeline import ScreenTimeline
from verbs.forms import ActionForm, form_of
from verbs.refusals import Refused
from verbs.views import View, act, answer, for_role, panel_context, redirect_303

MESSAGES_AN_HOUR = 30  # of one account

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def who_may(permission: str) -> Callable[[View], View]:
    """A decorator: Http404 for people without this permission of screens."""

    def lookup(user: Any, **captured: Any) -> dict[str, Any]:
        if not user.has_perm(f"screens.{permission}"):
            raise Http404
        return captured

    return for_role(lookup)


@require_safe
@who_may("view_screen")
def wall(request: HttpRequest) -> HttpResponse:
    return render(request, "screens/staff/wall.html", {"region": regions.Wall(query=request.GET)})


@require_POST
@who_may("change_screen")
def reload_all(request: HttpRequest) -> HttpResponse:
    number = Screen.objects.all().reload_all(by=request.user)
    messages.success(
        request, _("%(number)s screens load their pages again soon, not all in the same second.") % {"number": number}
    )
    return redirect_303(reverse("screens:wall"))


@get_or_post
@who_may("add_screen")
def new(request: HttpRequest) -> HttpResponse:
    form = NewScreen(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        screen = Screen.objects.set_up(by=request.user, **form.cleaned_data)
        return redirect_303(reverse("screens:set-up", args=[screen.slug]))
    context = {"form": form, "sizes": size_table()}
    return render(request, "screens/staff/new.html", context, status=422 if form.is_bound else 200)


def size_table() -> list[tuple[int, list[int]]]:
    """Rows for each panel, by reading distance in metres."""
    return [
        (inches, [sizes.rows_per_page(inches, distance) for distance in (3, 5, 7, 10, 15)])
        for inches in (32, 43, 55, 65, 75, 98)
    ]


@require_safe
@who_may("view_screen")
def screen(request: HttpRequest, slug: str) -> HttpResponse:
    return panel(request, get_object_or_404(Screen, slug=slug))


@require_POST
@who_may("change_screen")
def change(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """One verb of one screen."""
    found = get_object_or_404(Screen, slug=slug)
    form = form_of(FORMS, verb, found, request.POST)
    return act(request, form, partial(panel, request, found), done_url=reverse("screens:set-up", args=[slug]))


def panel(
    request: HttpRequest,
    found: Screen,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Any = None,
    done: str = "",
) -> HttpResponse:
    pairing = found.pairings.order_by("-pk").first()
    found.refresh_from_db()
    may_change = request.user.has_perm("screens.change_screen")
    context = {
        "screen": found,
        "region": regions.ScreenState(pk=found.pk),
        "all_hours": found.hours.all(),
        "contents": CONTENTS.values(),
        "may_change": may_change,
        "verdict": verdict.of(pairing.report, found) if pairing and pairing.report else [],
        "reach": sizes.reads_to(found.inches, found.rows_per_page, found.is_portrait),
        "capital": sizes.cap_height(float(found.distance)),
        "start": absolute(found.get_absolute_url()) if may_change and found.state == State.PAIRED else "",
        "steps": ScreenTimeline(found).steps()[:20],
        **panel_context(found, FORMS if may_change else {}, ScreenTimeline(found), asked, since, done),
    }
    return answer(request, "screens/staff/_panel.html", "screens/staff/screen.html", context, status)


@require_POST
@who_may("delete_screen")
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Screen, slug=slug)
    if found.state == State.PAIRED:
        found.revoke(by=request.user)
    found.remove()
    messages.success(request, _("%(name)s was deleted.") % {"name": found.name})
    return redirect_303(reverse("screens:wall"))


# What it shows when


@get_or_post
@who_may("change_screen")
def new_hours(request: HttpRequest, slug: str, shows: str) -> HttpResponse:
    found = get_object_or_404(Screen, slug=slug)
    return hours_page(request, found, content_or_404(shows))


@get_or_post
@who_may("change_screen")
def hours(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_object_or_404(Hours.objects.select_related("screen"), pk=pk, screen__slug=slug)
    return hours_page(request, found.screen, content_or_404(found.shows), found)


def content_or_404(name: str) -> Content:
    if name not in CONTENTS:
        raise Http404(f"No content {name}")
    return CONTENTS[name]


def hours_page(request: HttpRequest, found: Screen, content: Content, before: Hours | None = None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    times = HoursFields(data, initial={"begins": before.begins} if before else None)
    settings = content.form(data, initial=before.settings if before else None)
    refusal = ""
    if data is not None and times.is_valid() and settings.is_valid():
        try:
            begins = times.cleaned_data["begins"].replace(second=0, microsecond=0)
            found.show(begins, content.name, settings.cleaned_data, before, by=request.user)
            return redirect_303(reverse("screens:set-up", args=[found.slug]))
        except Refused as fault:
            refusal = str(fault)
    context = {
        "screen": found,
        "content": content,
        "hours": before,
        "forms": [times, settings],
        "refusal": refusal,
    }
    return render(request, "screens/staff/hours.html", context, status=200 if data is None else 422)


@require_POST
@who_may("change_screen")
def stop_showing(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_object_or_404(Hours.objects.select_related("screen"), pk=pk, screen__slug=slug)
    found.screen.stop_showing(found, by=request.user)
    return redirect_303(reverse("screens:set-up", args=[slug]))


# Emergency messages


@require_safe
@who_may("view_screen")
def all_messages(request: HttpRequest) -> HttpResponse:
    return message_page(request, NewMessage())


@require_POST
@who_may("send_message")
def send(request: HttpRequest) -> HttpResponse:
    """Says first how many screens it takes over, and is sent when that was seen."""
    form = NewMessage(request.POST)
    if not form.is_valid():
        return message_page(request, form, 422)
    if request.POST.get("screens") != str(form.screens):
        return message_page(request, form, 200, is_asked=True)
    try:
        limits.check("screen-messages", request.user.pk, MESSAGES_AN_HOUR, limits.HOUR)
        form.do(by=request.user)
    except limits.TooMany:
        form.add_error(
            None, _("You have sent many messages in this hour. Extend one that is shown, or ask a colleague.")
        )
        return message_page(request, form, 429)
    except Refused as refusal:
        form.refuse(refusal)
        return message_page(request, form, 422)
    messages.success(request, _("Sent. Below you see which screens show it."))
    return redirect_303(reverse("screens:messages"))


def message_page(request: HttpRequest, form: NewMessage, status: int = 200, is_asked: bool = False) -> HttpResponse:
    context = {
        "form": form,
        "is_asked": is_asked,
        "region": regions.Messages(),
        "may_send": request.user.has_perm("screens.send_message"),
    }
    return render(request, "screens/staff/messages.html", context, status=status)


@require_POST
@who_may("send_message")
def end_message(request: HttpRequest) -> HttpResponse:
    message = asked(End(request.POST))["message"]
    return done(request, partial(message.cancel, by=request.user), _("The message was withdrawn."))


@require_POST
@who_may("send_message")
def extend_message(request: HttpRequest) -> HttpResponse:
    said = asked(Extend(request.POST))
    extend = partial(said["message"].extend, timedelta(minutes=said["lasts"]), by=request.user)
    return done(request, extend, _("The message stays longer."))


def asked(form: End) -> dict[str, Any]:
    """The row's buttons are in a region, which has no forms: they belong to one form that names the message."""
    if not form.is_valid():
        raise Http404
    return form.cleaned_data


def done(request: HttpRequest, do: Callable[[], None], words: str) -> HttpResponse:
    try:
        do()
        messages.success(request, words)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect_303(reverse("screens:messages"))
