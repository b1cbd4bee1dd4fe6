"""The page of an event while it is on, for everybody present: what they see, and what they ask, say and vote."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

import limits
from bookings.events.attendees.presence import ticket_of, tickets_of_account
from bookings.events.models import Event, Ticket
from bookings.events.present import mine
from bookings.events.present.forms import Ask, Say, WriteForm
from bookings.events.present.regions import EventNow
from verbs.refusals import Refused
from verbs.views import redirect_303

NAME = "event_name"  # in the session: the name that somebody wrote with last
PER_TICKET = {"ask": (10, limits.TEN_MINUTES), "say": (10, limits.MINUTE), "vote": (60, limits.MINUTE)}


@never_cache
@require_safe
def now(request: HttpRequest, slug: str) -> HttpResponse:
    event = Event.objects.public().named(slug)
    return page(request, event, ticket_of(request, event))


def page(
    request: HttpRequest, event: Event, ticket: Ticket | None, form: WriteForm | None = None, **further: Any
) -> HttpResponse:
    """``form``: the one that was refused, with what was typed."""
    region = EventNow(slug=event.slug)
    region.event = event
    name = request.session.get(NAME, "")
    forms = [form if isinstance(form, kind) else kind(event, ticket=ticket, name=name) for kind in (Ask, Say)]
    context = {
        "region": region,
        "forms": forms if ticket else [],
        "page_airport": event.hall.airport,
        "moderates": Event.objects.of(request.user).filter(pk=event.pk).exists(),
        **mine.mine(event, ticket),
        "own": [] if ticket else tickets_of_account(request, event),
        **further,
    }
    return render(request, "events/present/now.html", context)


# Writing


@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    return written(request, slug, Ask)


@require_POST
def say(request: HttpRequest, slug: str) -> HttpResponse:
    return written(request, slug, Say)


def written(request: HttpRequest, slug: str, kind: type[WriteForm]) -> HttpResponse:
    event = Event.objects.public().named(slug)
    ticket = ticket_of(request, event)
    form = kind(event, request.POST, ticket)
    problem = refusal_of(lambda: form.do(), kind.slug, ticket) if form.is_valid() else ""
    if problem:
        form.add_error(None, problem)
    is_done = form.is_valid()
    if is_done:
        request.session[NAME] = form.cleaned_data.get("name") or request.session.get(NAME, "")
    if request.htmx:  # type: ignore[attr-defined]
        context = {
            "form": form.fresh() if is_done else form,
            "done": form.done_text if is_done else "",
            **mine.mine(event, ticket),
        }
        return render(request, "events/present/_written.html", context, status=200 if is_done else 422)
    if not is_done:
        response = page(request, event, ticket, form, problem=problem)
        response.status_code = 422
        return response
    messages.success(request, str(form.done_text))
    return redirect_303(reverse("events:now", args=[slug]))


# Voting


@require_POST
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    return cast(request, slug, lambda event, ticket: question_of(request, event).vote(ticket), mine.voted)


@require_POST
def unvote(request: HttpRequest, slug: str) -> HttpResponse:
    return cast(request, slug, lambda event, ticket: question_of(request, event).unvote(ticket), mine.voted)


@require_POST
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """An option of a poll."""
    key = number(request.POST.get("option"))

    def do(event: Event, ticket: Ticket) -> Any:
        poll = get_object_or_404(event.polls.visible(), options=key)
        return poll.choose(key, ticket)

    return cast(request, slug, do, mine.chosen)


def question_of(request: HttpRequest, event: Event) -> Any:
    return get_object_or_404(event.asked, pk=number(request.POST.get("question")))


def number(text: str | None) -> int:
    """A key that was posted; 0, which nothing has, where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


def cast(request: HttpRequest, slug: str, do: Callable[[Event, Ticket], Any], part: Callable[..., Any]) -> HttpResponse:
    """A vote. htmx gets the part of ``_mine.html`` that it changes, which has the name of the function that reads it."""
    event = Event.objects.public().named(slug)
    ticket = ticket_of(request, event)
    problem = refusal_of(lambda: do(event, ticket) if ticket else None, "vote", ticket)
    if request.htmx:  # type: ignore[attr-defined]
        context = {"event": event, "problem": problem, **(part(event, ticket) if ticket else {})}
        template = f"events/present/_{part.__name__}.html"
        return render(request, template, context, status=422 if problem else 200)
    if problem:
        response = page(request, event, ticket, problem=problem)
        response.status_code = 422
        return response
    return redirect_303(reverse("events:now", args=[slug]))


def refusal_of(do: Callable[[], Any], what: str, ticket: Ticket | None) -> str:
    """Do it for the holder of a ticket, who may do so much at a time. Why it was refused, in words; "" where it was done."""
    if ticket is None:
        return _("Open the link of your ticket on this device first. With a ticket you can ask, write and vote.")
    try:
        limits.check(f"event-{what}", ticket.pk, *PER_TICKET[what])
        do()
    except Refused as refusal:
        return str(refusal)
    except limits.TooMany as fault:
        words = ngettext(
            "That was quick. Try again in %(seconds)s second: nothing is lost.",
            "That was quick. Try again in %(seconds)s seconds: nothing is lost.",
            fault.retry_after,
        )
        return words % {"seconds": fault.retry_after}
    return ""
