"""Pages for the people who make widgets: staff, and guests with an account for what they have booked or follow."""

from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language_info
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from embeds.models import Embed, State
from embeds.owners.forms import Change, EmbedForm, LookForm, Revoke
from embeds.owners.regions import EmbedState, OwnEmbeds, embeds_for, may_see_all
from embeds.owners.snippets import snippet
from embeds.registry import WIDGETS, Widget
from limits import limited
from verbs.forms import ActionForm, by_verb, form_of
from verbs.refusals import Refused
from verbs.timeline import Timeline
from verbs.views import act, answer, for_role, panel_context

FORMS = by_verb([Change, Revoke])


def owners(user: Any, **captured: Any) -> dict[str, Any]:
    """Everybody with an account."""
    return captured


def languages() -> list[tuple[str, str]]:
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


@require_safe
@for_role(owners)
def own(request: HttpRequest) -> HttpResponse:
    """What one shows elsewhere, and the widgets that one can make."""
    sees_all = may_see_all(request.user)
    region = OwnEmbeds(whose="all" if sees_all else str(request.user.pk))
    return render(request, "embeds/owners/own.html", {"region": region, "widgets": WIDGETS.values()})


@require_http_methods(["GET", "HEAD", "POST"])
@limited("embeds")
@for_role(owners)
def new(request: HttpRequest, widget: str) -> HttpResponse:
    """Chooses what a widget shows and how it looks, with its snippet and a preview; makes an embed with a key of it."""
    kind = WIDGETS.get(widget)
    if kind is None:
        raise Http404(f"No widget {widget}")
    chosen = request.GET if request.method != "POST" else request.POST
    is_chosen = not kind.form.base_fields or any(name in chosen for name in kind.form.base_fields)
    thing_form = kind.form(chosen if is_chosen else None, user=request.user)
    look_form = LookForm(chosen if is_chosen else None, languages=languages())
    embed_form = EmbedForm(request.POST if request.method == "POST" else None, is_private=kind.is_private)
    context = {"widget": kind, "thing_form": thing_form, "look_form": look_form, "embed_form": embed_form}
    status = 200
    if is_chosen and thing_form.is_valid() and look_form.is_valid():
        thing = thing_form.thing
        if not kind.may(request.user, thing):
            raise Http404(f"Not theirs: {thing}")
        look = {**thing_form.options, **look_form.attributes}
        if request.method == "POST" and embed_form.is_valid():
            return make(request, kind, thing, embed_form, look_form.attributes)
        context |= shown(kind, thing, {**thing_form.attributes, **look}, look)
    if request.method == "POST":
        status = 422
    return render(request, "embeds/owners/new.html", context, status=status)


def shown(kind: Widget, thing: str, attributes: dict[str, str], look: dict[str, str]) -> dict[str, Any]:
    """The snippet and the preview of a public widget, and what the next form has to send again."""
    if kind.is_private:
        return {"thing": thing}
    preview = reverse("embeds:frame", args=[kind.name, thing])
    return {"thing": thing, "snippet": snippet(kind, thing, attributes), "preview": f"{preview}?{urlencode(look)}"}


def make(request: HttpRequest, kind: Widget, thing: str, form: EmbedForm, look: dict[str, str]) -> HttpResponse:
    """An embed with its key. The look is part of the snippet and not of the embed, so the address of its page keeps it."""
    try:
        embed = Embed.objects.make(request.user, widget=kind.name, thing=thing, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("embeds:own")
    address = reverse("embeds:embed", args=[embed.pk])
    return redirect(f"{address}?{urlencode(look)}" if look else address)


@require_safe
@for_role(owners)
def embed(request: HttpRequest, pk: int) -> HttpResponse:
    return panel(request, get_object_or_404(embeds_for(request.user), pk=pk))


@require_POST
@limited("embeds")
@for_role(owners)
def change(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One verb of one embed. Staff who see all may withdraw any."""
    found = get_object_or_404(embeds_for(request.user), pk=pk)
    form = form_of(FORMS, verb, found, request.POST)
    return act(request, form, partial(panel, request, found), done_url=reverse("embeds:embed", args=[pk]))


def panel(
    request: HttpRequest,
    found: Embed,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Any = None,
    done: str = "",
) -> HttpResponse:
    found.refresh_from_db()
    look_form = LookForm(request.GET, languages=languages())
    look = look_form.attributes if look_form.is_valid() else {}
    is_own = found.owner_id == request.user.pk
    context = {
        "embed": found,
        "region": EmbedState(pk=found.pk),
        "is_own": is_own,
        **panel_context(found, FORMS, Timeline(found), asked, since, done),
    }
    # The snippet has the key, which is for its owner alone.
    if is_own and found.kind and found.state == State.IN_USE:
        with suppress(Http404):  # what it shows is gone: the panel says so
            context["snippet"] = snippet(found.kind, found.thing, {"key": found.token, **look})
            context["preview"] = f"{found.get_absolute_url()}?{urlencode(look)}"
    return answer(request, "embeds/owners/_panel.html", "embeds/owners/embed.html", context, status)
