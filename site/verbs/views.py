"""The way of a POST to a verb, and the panel that answers it."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from verbs.forms import ActionForm, FormsByVerb, forms_for
from verbs.history import Change
from verbs.models import Tracked
from verbs.refusals import Changed, Refused
from verbs.timeline import Timeline

View = Callable[..., HttpResponse]
Panel = Callable[..., HttpResponse]


def for_role(lookup: Callable[..., Mapping[str, Any]]) -> Callable[[View], View]:
    """A decorator for views of people with a role. Anonymous visitors sign in first; htmx gets a 401.

    ``lookup(user, **captured)`` gets what the address captured and returns the arguments of the view. It raises Http404
    for people without the role: for them there is no such page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **captured: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return signed_out(request)
            return view(request, **lookup(request.user, **captured))

        return guarded

    return decorate


def signed_out(request: HttpRequest) -> HttpResponse:
    """The way to sign in; for htmx a 401, as a page inside of a panel would wipe out what was typed (static/js/verbs.js)."""
    if is_htmx(request):
        return HttpResponse(_("You are signed out. Sign in, and send it again."), status=401)
    return redirect_to_login(request.get_full_path())


def act(
    request: HttpRequest,
    form: ActionForm,
    panel: Panel,
    done_url: str | Callable[[Any], str],
    done_panel: Panel | None = None,
) -> HttpResponse:
    """Do what a posted form asks for, and answer.

    - done: for htmx the panel (200), else a redirect to ``done_url`` (303) with a message that says what was done
    - changed since the person looked: the panel with the changes and with what was typed (409)
    - refused or not valid: the panel with the reasons (422)

    ``panel(form, status=…, since=…, done=…)`` answers the request with the panel; ``form`` is the one to show as it was
    filled in, None for none; ``since`` has the Change rows of a 409. A form that creates a row leads to another panel:
    ``done_panel(result, done=…)``. ``result`` is what ``form.do`` returned; ``done_url`` may be a function of it.
    """
    if not form.is_valid():
        return panel(form, status=422)
    try:
        result = form.do(by=request.user)
    except Changed as changed:
        return panel(form.again(), status=409, since=changed.changes)
    except Refused as refusal:
        form = form.again()
        form.refuse(refusal)
        return panel(form, status=422)
    done = form.done(result)
    if is_htmx(request):
        return done_panel(result, done=done) if done_panel else panel(None, done=done)
    messages.success(request, done)
    return redirect_303(done_url(result) if callable(done_url) else done_url)


def redirect_303(url: str) -> HttpResponseRedirect:
    """After a POST: the browser asks for the page by GET, and Back sends nothing again."""
    return HttpResponseRedirect(url, status=303)


def answer(
    request: HttpRequest, fragment: str, page: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """The fragment alone for htmx, and for everyone else the page, which gets the fragment's name as ``panel``."""
    template = fragment if is_htmx(request) else page
    return render(request, template, {**context, "panel": fragment}, status=status)


def panel_context(
    instance: Tracked,
    forms: FormsByVerb,
    timeline: Timeline,
    asked: ActionForm | None = None,
    since: Iterable[Change] | None = None,
    done: str = "",
) -> dict[str, Any]:
    """What verbs/_panel.html needs: the forms that make sense now, and what became of the one that was sent.

    ``since`` has the changes of a 409, which the timeline puts into words.
    """
    possible = forms_for(instance, forms, asked)
    return {
        "asked": asked,
        "since": None if since is None else timeline.steps(since),
        "done": done,
        "bare_forms": [form for form in possible if form.is_bare],
        "forms": [form for form in possible if not form.is_bare],
    }


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
