"""The book that hosts run the evening with."""

from datetime import date, timedelta
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.restaurants.hosts import regions
from bookings.restaurants.hosts.floor import table_today
from bookings.restaurants.hosts.forms.entries import CloseForm, JoinQueue, NewBooking, SeatQueueEntry, WalkIn
from bookings.restaurants.hosts.forms.verbs import FORMS
from bookings.restaurants.hosts.reservation_list import day_now, expected_rows, service_now, services_of
from bookings.restaurants.hosts.timeline import steps_of
from bookings.restaurants.models import Changed, Refused, Table, Taken

VIEWS = {"list": regions.ReservationList, "grid": regions.ReservationGrid, "floor": regions.ReservationFloor}
ask = require_http_methods(["GET", "HEAD", "POST"])


def for_staff(view):
    """Anonymous visitors sign in first; a restaurant that one does not work for has no book."""

    @wraps(view)
    def asked(request, slug, **captured):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        restaurant = get_object_or_404(request.user.restaurants.select_related("airport"), slug=slug)
        return view(request, restaurant, **captured)

    return asked


@require_safe
@for_staff
def book(request, restaurant):
    """One day's book in one of its three views."""
    day = day_asked(request, restaurant)
    view = request.GET.get("view", "list")
    if view not in VIEWS:
        raise Http404
    query = {**request.GET.dict(), "restaurant": restaurant.slug, "date": day.isoformat()}
    if "service" not in query and (service := service_now(restaurant, day, timezone.now())):
        query["service"] = str(service.pk)
    context = {
        "view": view,
        "views": [("list", _("List")), ("grid", _("Grid")), ("floor", _("Floor"))],
        "region": VIEWS[view](query=query),
        "pace": regions.Pace(query=query),
        "queue": regions.Queue(query=query),
        "services": services_of(restaurant, day),
        "service": query.get("service", ""),
        "areas": restaurant.areas.all(),
        "shows": [
            ("", _("All")),
            ("expected", _("To come")),
            ("here", _("Here")),
            ("ended", _("Ended")),
        ],
    }
    return render(request, "restaurants/hosts/book.html", of_book(request, restaurant, day, **context))


def day_asked(request, restaurant):
    """The day that an address asks for, today where it asks for none."""
    asked = request.GET.get("date", "")
    try:
        day = date.fromisoformat(asked) if asked else day_now(restaurant, timezone.now())
    except ValueError:
        raise Http404 from None
    if not timedelta(days=-3660) < day - restaurant.today() < timedelta(days=3660):
        raise Http404
    return day


def of_book(request, restaurant, day, **context):
    """What every page of a book shows around itself."""
    return {
        "restaurant": restaurant,
        "day": day,
        "today": day_now(restaurant, timezone.now()),
        "day_before": day - timedelta(days=1),
        "day_after": day + timedelta(days=1),
        "others": request.user.restaurants.exclude(pk=restaurant.pk),
        "page_airport": restaurant.airport,
        **context,
    }


# A reservation


@require_safe
@for_staff
def reservation(request, restaurant, reference):
    return panel(request, find(restaurant, reference))


@require_POST
@for_staff
def change(request, restaurant, reference, verb):
    """One verb on one reservation: 409 where it changed since one looked, 422 with the sentence that says why not."""
    reservation = find(restaurant, reference)
    form_class = FORMS.get(verb.replace("-", "_"))
    if form_class is None:
        raise Http404
    form = form_class(reservation, request.POST)
    if not form.is_valid():
        return panel(request, reservation, form, status=422)
    try:
        form.do(by=request.user)
    except Changed as changed:
        since = steps_of(reservation, changed.changes)
        return panel(request, reservation, again(form), since=since, status=409)
    except Refused as refusal:
        form = again(form)
        refuse(form, refusal)
        return panel(request, reservation, form, status=422)
    done = _("Done: %(what)s.") % {"what": form.label}
    if request.htmx:
        return panel(request, reservation, done=done)
    return back_to(request, done, "restaurants:book-reservation", restaurant.slug, reference)


def find(restaurant, reference):
    rows = restaurant.reservations.select_related("restaurant__airport", "service").prefetch_related("tables__area")
    return get_object_or_404(rows, reference=reference)


def again(form):
    """The same form for the reservation as it is now, with what was typed."""
    form.reservation.refresh_from_db()
    data = form.data.copy()
    data["seen"] = form.reservation.revision
    fresh = type(form)(form.reservation, data)
    fresh.is_valid()
    fresh.nearest = getattr(form, "nearest", ())
    return fresh


def panel(request, reservation, asked=None, status=200, **context):
    """A reservation's panel: where it stands, and a form for each verb that is legal now; ``asked`` as it was filled in."""
    reservation = find(reservation.restaurant, reservation.reference)
    forms = {
        verb: asked if asked and asked.verb == verb else form(reservation)
        for verb, form in FORMS.items()
        if verb in reservation.legal_verbs and form.suits(reservation)
    }
    which = {"restaurant": reservation.restaurant.slug, "reference": reservation.reference}
    context |= {
        "reservation": reservation,
        "region": regions.ReservationState(**which),
        "history": regions.ReservationHistory(**which),
        "bare": [form for form in forms.values() if form.is_bare],
        "steps": [form for form in forms.values() if hasattr(form, "buttons")],
        "forms": [form for form in forms.values() if not form.is_bare and not hasattr(form, "buttons")],
        "asked": asked,
    }
    return answer(request, reservation.restaurant, reservation.day, "reservation", status, **context)


def answer(request, restaurant, day, name, status=200, **context):
    """A panel: alone for htmx, and on a page of its own for everybody else."""
    template = f"restaurants/hosts/_{name}.html"
    context = of_book(request, restaurant, day, panel=template, **context)
    return render(request, template if request.htmx else "restaurants/hosts/panel.html", context, status=status)


def back_to(request, done, name, *args, query=""):
    messages.success(request, done)
    return HttpResponseRedirect(reverse(name, args=args) + query, status=303)


# The telephone and the door


@ask
@for_staff
def new_booking(request, restaurant):
    """A booking by telephone."""
    day = day_asked(request, restaurant)
    if request.method != "POST":
        return answer(request, restaurant, day, "new", form=NewBooking(restaurant, date=day))
    form = NewBooking(restaurant, request.POST)
    made = done_by(request, form)
    if made is None:
        return answer(request, restaurant, day, "new", 422, form=form)
    return shown(request, made, _("Booked."))


@ask
@for_staff
def walk_in(request, restaurant):
    """A party without a booking, seated now; ``?party=`` for its tables, ``?table=`` for one of them."""
    size = size_asked(request)
    today = day_now(restaurant, timezone.now())
    if request.method != "POST":
        form = WalkIn(restaurant, size, tables=request.GET.get("table", ""))
        return answer(request, restaurant, today, "walk_in", form=form, only=request.GET.get("table", ""))
    form = WalkIn(restaurant, size, request.POST)
    made = done_by(request, form)
    if made is None:
        return answer(request, restaurant, today, "walk_in", 422, form=form)
    return shown(request, made, _("Seated."))


def size_asked(request):
    asked = (request.POST or request.GET).get("party", "")
    return int(asked) if asked.isdecimal() and len(asked) < 4 else 2


def done_by(request, form):
    """What the form did, or None with its errors beside its fields; after Taken it offers the next best table."""
    if not form.is_valid():
        return None
    try:
        return form.do(by=request.user)
    except Refused as refusal:
        refuse(form, refusal)
    return None


def refuse(form, refusal):
    """Say why not; to who came second to a table, also which is the next best."""
    form.add_error(None, str(refusal))
    if isinstance(refusal, Taken) and hasattr(form, "look_again"):
        form.look_again()


def shown(request, reservation, done):
    if request.htmx:
        return panel(request, reservation, done=done)
    return back_to(request, done, "restaurants:book-reservation", reservation.restaurant.slug, reservation.reference)


@require_safe
@for_staff
def table(request, restaurant, pk):
    """Who sits at a table, who comes next, and a walk-in for it."""
    table = get_object_or_404(Table.objects.select_related("area"), pk=pk, area__restaurant=restaurant)
    day = day_asked(request, restaurant)
    now = timezone.now()
    context = {"table": table, "rows": table_today(restaurant, table, day, now)}
    if day == day_now(restaurant, now):
        form = WalkIn(restaurant, max(table.min_covers, min(2, table.max_covers)), tables=str(table.pk))
        is_free = any(offer.value == str(table.pk) for offer in form.offers)
        context |= {"form": form, "only": table.pk} if is_free else {}
    return answer(request, restaurant, day, "table", **context)


# The queue


@ask
@for_staff
def queue(request, restaurant):
    """Who waits at the door; and one party more."""
    today = day_now(restaurant, timezone.now())
    form = JoinQueue(restaurant, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return answer(request, restaurant, today, "join_queue", form=form, expected=form.expected)
    entry = done_by(request, form)
    if entry is None:
        return answer(request, restaurant, today, "join_queue", 422, form=form, expected=form.expected)
    done = _("%(name)s waits.") % {"name": entry.name}
    if request.htmx:
        return answer(request, restaurant, today, "queued", entry=entry, form=SeatQueueEntry(entry), done=done)
    return back_to(request, done, "restaurants:book", restaurant.slug)


@require_safe
@for_staff
def queued(request, restaurant, pk):
    entry = get_object_or_404(restaurant.queue, pk=pk)
    return answer(
        request, restaurant, day_now(restaurant, timezone.now()), "queued", entry=entry, form=SeatQueueEntry(entry)
    )


@require_POST
@for_staff
def change_queued(request, restaurant, pk, verb):
    """Call, seat or leave."""
    entry = get_object_or_404(restaurant.queue, pk=pk)
    if verb == "seat":
        return seat_queued(request, entry)
    if verb not in ("call", "leave"):
        raise Http404
    context = {}
    try:
        getattr(entry, verb)(by=request.user)
    except Refused as refusal:
        context["refusal"] = str(refusal)
    entry.refresh_from_db()
    if request.htmx or context:
        context |= {"entry": entry, "form": SeatQueueEntry(entry)}
        return answer(
            request,
            restaurant,
            day_now(restaurant, timezone.now()),
            "queued",
            422 if "refusal" in context else 200,
            **context,
        )
    return back_to(request, entry.get_state_display(), "restaurants:book-queued", restaurant.slug, pk)


def seat_queued(request, entry):
    form = SeatQueueEntry(entry, request.POST)
    made = done_by(request, form)
    if made is None:
        entry.refresh_from_db()
        return answer(
            request, entry.restaurant, day_now(entry.restaurant, timezone.now()), "queued", 422, entry=entry, form=form
        )
    return shown(request, made, _("Seated."))


# Closing


@ask
@for_staff
def close(request, restaurant):
    """Close a service or a day, and what has to be dealt with then."""
    day = day_asked(request, restaurant)
    form = CloseForm(restaurant, request.POST if request.method == "POST" else None, date=day)
    if request.method == "POST":
        closure = done_by(request, form)
        if closure is None:
            return closing(request, restaurant, day, form, 422)
        if not request.htmx:
            query = f"?date={closure.day}"
            return back_to(request, _("Closed."), "restaurants:book-close", restaurant.slug, query=query)
        return closing(request, restaurant, closure.day, CloseForm(restaurant, date=closure.day), done=_("Closed."))
    return closing(request, restaurant, day, form)


@require_POST
@for_staff
def reopen(request, restaurant, pk):
    closure = get_object_or_404(restaurant.closures, pk=pk)
    day = closure.day
    restaurant.reopen(closure)
    if request.htmx:
        return closing(request, restaurant, day, CloseForm(restaurant, date=day), done=_("Open again."))
    return back_to(request, _("Open again."), "restaurants:book-close", restaurant.slug, query=f"?date={day}")


def closing(request, restaurant, day, form, status=200, **context):
    """Each closure of a day, with the bookings that are there all the same."""
    closures = [
        (closure, expected_rows(restaurant, day, closure.service_id, timezone.now()))
        for closure in restaurant.closures.filter(day=day).select_related("service", "by")
    ]
    return answer(request, restaurant, day, "close", status, form=form, closures=closures, **context)
