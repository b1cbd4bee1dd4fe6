"""The flight desk: the day's flights, and one form for each verb of a flight."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tracking.flights.desk import regions
from tracking.flights.desk.forms import FORMS, Delay
from tracking.flights.models import Changed, Flight, Refused


def for_the_desk(view):
    """Anonymous visitors sign in first; for anybody else without the permission there is no such page."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm("flights.change_flight"):
            raise Http404
        return view(request, *args, **kwargs)

    return asked


@require_safe
@for_the_desk
def desk(request, airport):
    region = regions.Desk(airport=airport, query=request.GET)
    return render(request, "flights/desk/desk.html", {"region": region, "page_airport": region.place})


@require_safe
@for_the_desk
def flight_desk(request, pk):
    return panel(request, get_object_or_404(Flight, pk=pk))


@require_POST
@for_the_desk
def change(request, pk, verb):
    """One verb on one flight: 409 where it changed since one looked, 422 with the sentence that says why not."""
    flight = get_object_or_404(Flight, pk=pk)
    form_class = FORMS.get(verb.replace("-", "_"))
    if form_class is None:
        raise Http404
    form = form_class(flight, request.POST)
    if not form.is_valid():
        return panel(request, flight, form, status=422)
    try:
        form.do(by=request.user)
    except Changed as changed:
        return panel(request, flight, again(form), changed=changed, status=409)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return panel(request, flight, form, status=422)
    done = _("Done: %(what)s.") % {"what": form.label}
    if request.htmx:
        return panel(request, flight, done=done)
    messages.success(request, done)
    return HttpResponseRedirect(reverse("flights:flight-desk", args=[pk]), status=303)


def again(form):
    """The same form for the flight as it is now, with what was typed."""
    data = form.data.copy()
    data["seen"] = form.flight.revision
    return type(form)(form.flight, data)


def panel(request, flight, asked=None, status=200, **context):
    """A flight's desk: its state, and a form for each verb that is legal now; ``asked`` is the one to show as filled in."""
    flight.refresh_from_db()
    forms = [asked if asked and asked.verb == verb else FORMS[verb](flight) for verb in flight.legal_verbs]
    context |= {
        "flight": flight,
        "region": regions.FlightState(pk=flight.pk),
        "buttons": [form for form in forms if form.is_bare],
        "forms": [form for form in forms if not form.is_bare],
        "asked": asked,
        "later": Delay.LATER,
        "page_airport": flight.origin,
    }
    return render(
        request, "flights/desk/_panel.html" if request.htmx else "flights/desk/panel.html", context, status=status
    )
