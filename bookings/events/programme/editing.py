"""The programme for organisers: a list with a panel. Two who work on it see each other's moves, and are told who was first."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from bookings.events.models import Event, Session
from bookings.events.organisers.access import organisers
from bookings.events.programme.forms import FORMS, AddRoom, AddSession, Import
from bookings.events.programme.regions import EditedProgramme, EditedSession
from bookings.events.programme.timeline import SessionTimeline
from clocks import when
from verbs.forms import ActionForm, form_of
from verbs.views import act, answer, for_role, is_htmx, panel_context


@never_cache
@require_safe
@for_role(organisers)
def edit(request: HttpRequest, event: Event) -> HttpResponse:
    return start(request, event)


@require_POST
@for_role(organisers)
def add(request: HttpRequest, event: Event) -> HttpResponse:
    done_panel = partial(panel, request, event)
    return act(
        request, AddSession(event, request.POST), partial(start, request, event), partial(url_of, event), done_panel
    )


@require_POST
@for_role(organisers)
def add_room(request: HttpRequest, event: Event) -> HttpResponse:
    done_url = reverse("events:programme-edit", args=[event.slug])
    return act(request, AddRoom(event, request.POST), partial(start, request, event), done_url)


@never_cache
@require_safe
@for_role(organisers)
def session(request: HttpRequest, event: Event, session: int) -> HttpResponse:
    return panel(request, event, found(event, session))


@require_POST
@for_role(organisers)
def change(request: HttpRequest, event: Event, session: int, verb: str) -> HttpResponse:
    """One verb of one session."""
    row = found(event, session)
    form = form_of(FORMS, verb, row, request.POST)
    return act(request, form, partial(panel, request, event, row), partial(url_of, event))


def found(event: Event, pk: int) -> Session:
    row: Session = get_object_or_404(event.sessions.select_related("event__hall__airport", "room"), pk=pk)
    return row


def url_of(event: Event, session: Session) -> str:
    return reverse("events:session-edit", args=[event.slug, session.pk])


def start(
    request: HttpRequest,
    event: Event,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Any = None,
    done: str = "",
) -> HttpResponse:
    """The panel before a session is chosen: new sessions and rooms, and files."""
    forms = [asked if isinstance(asked, kind) else kind(event) for kind in (AddSession, AddRoom)]
    rooms = event.rooms.exists()
    context = {"event": event, "add_forms": forms if rooms else forms[1:], "import": Import(), "done": done}
    return page(request, event, "events/programme/_start.html", context, status)


def panel(
    request: HttpRequest,
    event: Event,
    session: Session,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Any = None,
    done: str = "",
) -> HttpResponse:
    session.refresh_from_db()
    timeline = SessionTimeline(session)
    context = {
        "session": session,
        "state_region": EditedSession(pk=session.pk),
        "steps": timeline.steps(),
        **panel_context(session, FORMS, timeline, asked, since, done),
    }
    return page(request, event, "events/programme/_session.html", context, status)


def page(request: HttpRequest, event: Event, fragment: str, context: dict[str, Any], status: int) -> HttpResponse:
    context |= {"event": event}
    if not is_htmx(request):
        context |= {
            "when": when(event.starts_at, event.tz),
            "region": EditedProgramme(slug=event.slug),
            "tab": "programme",
            "page_airport": event.hall.airport,
        }
    return answer(request, fragment, "events/programme/edit.html", context, status)
