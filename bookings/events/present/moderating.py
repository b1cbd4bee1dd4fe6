"""The moderators' page of an event, and its actions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.events.models import Changed, Event
from bookings.events.present.forms import Announce, NewPoll, SayAsOrganiser, WriteForm
from bookings.events.present.regions import ModeratedTalk, Moderation
from bookings.events.present.views import NAME, number
from clocks import clock
from verbs.refusals import Refused
from verbs.timeline import Timeline
from verbs.views import for_role, redirect_303

KINDS = [Announce, NewPoll, SayAsOrganiser]
QUESTION_VERBS = {"show", "dismiss", "answer", "pin", "unpin"}
POLL_VERBS = {"open", "close", "pin", "unpin", "discard"}


def moderators(user: Any, **captured: Any) -> dict[str, Any]:
    event = Event.objects.of(user).named(captured.pop("slug"))
    return {"event": event, **captured}


@never_cache
@require_safe
@for_role(moderators)
def moderation(request: HttpRequest, event: Event) -> HttpResponse:
    return page(request, event)


def page(request: HttpRequest, event: Event, form: WriteForm | None = None, **further: Any) -> HttpResponse:
    """``form``: the one that was refused, with what was typed."""
    questions, talk = Moderation(slug=event.slug), ModeratedTalk(slug=event.slug)
    questions.event = talk.event = event
    name = request.session.get(NAME, "")
    context = {
        "event": event,
        "questions": questions,
        "talk": talk,
        "forms": [form if isinstance(form, kind) else kind(event, by=request.user, name=name) for kind in KINDS],
        "page_airport": event.hall.airport,
        **further,
    }
    return render(request, "events/present/moderation.html", context)


# Writing


def writes(kind: type[WriteForm]) -> Callable[..., HttpResponse]:
    """The view of a form of organisers."""

    @require_POST
    @for_role(moderators)
    def view(request: HttpRequest, event: Event) -> HttpResponse:
        form = kind(event, request.POST, by=request.user)
        if form.is_valid():
            try:
                form.do()
            except Refused as refusal:
                form.add_error(None, str(refusal))
        return written(request, event, form)

    return view


def written(request: HttpRequest, event: Event, form: WriteForm) -> HttpResponse:
    is_done = form.is_valid()
    if is_done and form.cleaned_data.get("name"):
        request.session[NAME] = form.cleaned_data["name"]
    if request.htmx:  # type: ignore[attr-defined]
        context = {"form": form.fresh() if is_done else form, "done": form.done_text if is_done else ""}
        return render(request, "events/present/_write.html", context, status=200 if is_done else 422)
    if not is_done:
        response = page(request, event, form)
        response.status_code = 422
        return response
    messages.success(request, str(form.done_text))
    return redirect_303(reverse("events:moderation", args=[event.slug]))


announce, new_poll, say = map(writes, KINDS)


# Verbs


@require_POST
@for_role(moderators)
def question(request: HttpRequest, event: Event, pk: int, verb: str) -> HttpResponse:
    return moved(request, event, get_object_or_404(event.asked, pk=pk), verb, QUESTION_VERBS)


@require_POST
@for_role(moderators)
def poll(request: HttpRequest, event: Event, pk: int, verb: str) -> HttpResponse:
    return moved(request, event, get_object_or_404(event.polls, pk=pk), verb, POLL_VERBS)


def moved(request: HttpRequest, event: Event, thing: Any, verb: str, verbs: set[str]) -> HttpResponse:
    """One verb of a question or a poll, as it was when its moderator looked."""
    if verb not in verbs:
        raise Http404(f"No verb {verb}")
    seen = {} if verb == "discard" else {"by": request.user, "seen": number(request.POST.get("seen"))}
    try:
        getattr(thing, verb)(**seen)
    except Changed as changed:
        return said(request, event, who_was_first(event, thing, changed), 409)
    except Refused as refusal:
        return said(request, event, str(refusal), 422)
    return said(request, event, _("Done."))


def who_was_first(event: Event, thing: Any, changed: Changed) -> str:
    """Oscar was first, at 14:05: “Shown”. Nothing else was done."""
    thing.refresh_from_db()
    steps = ModerationTimeline(thing).steps(changed.changes)
    if not steps:
        return str(changed)
    state = _("on the stage’s screen") if thing.is_pinned else thing.get_state_display()
    words = {"who": steps[0].by or _("Somebody"), "at": steps[0].at, "state": state}
    return _("%(who)s was first, at %(at)s: it is “%(state)s” now. Nothing else was done.") % words


class ModerationTimeline(Timeline):
    def clock(self, moment: Any, change: Any = None) -> str:
        return clock(moment, self.instance.event.tz)


@require_POST
@for_role(moderators)
def take_back(request: HttpRequest, event: Event, pk: int) -> HttpResponse:
    """An announcement."""
    get_object_or_404(event.announcements, pk=pk).take_back()
    return said(request, event, _("Taken back: nobody sees it any more."))


@require_POST
@for_role(moderators)
def message(request: HttpRequest, event: Event, pk: int, verb: str) -> HttpResponse:
    """Hide a message of the chat, or bring it back."""
    found = get_object_or_404(event.chat, pk=pk)
    if verb == "hide":
        found.hide(by=request.user)
    elif verb == "bring-back":
        found.bring_back()
    else:
        raise Http404(f"No verb {verb}")
    return said(request, event, _("Done."))


@require_POST
@for_role(moderators)
def chat(request: HttpRequest, event: Event, verb: str) -> HttpResponse:
    """Open or close the chat."""
    if verb not in ("open", "close"):
        raise Http404(f"No verb {verb}")
    event.open_chat(verb == "open")
    return said(request, event, _("The chat is open.") if verb == "open" else _("The chat is closed."))


def said(request: HttpRequest, event: Event, words: str, status: int = 200) -> HttpResponse:
    """What became of a button."""
    if request.htmx:  # type: ignore[attr-defined]
        context = {"words": words, "is_bad": status != 200}
        return render(request, "events/present/_said.html", context, status=status)
    if status != 200:
        response = page(request, event, problem=words)
        response.status_code = status
        return response
    messages.success(request, words)
    return redirect_303(reverse("events:moderation", args=[event.slug]))
