"""A guest finds a time, holds a table and books it."""

from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.restaurants.guests import links, regions
from bookings.restaurants.guests.forms import AllForm, FindForm, GuestForm, SlotForm, WaitlistForm
from bookings.restaurants.guests.views.addresses import held_address, restaurant_of, see, times_address
from bookings.restaurants.models import Closed, Full, IllegalMove, Refused, Reservation, State, Taken
from bookings.restaurants.models.slots import moment_of
from clocks import when
from limits import limited
from links import tokens
from links.views import open_link
from pages.nav import home_airport

NAMESPACE = UUID("5f0c1f0e-9f0b-4a43-8d43-6d7f4f4a2f11")  # of holds' keys made from a page's key and the time chosen
HOLDS = (
    "restaurants.holds"  # in the session: what this browser holds, {reservation's key: [restaurant's slug, *choice]}
)
TYPED = "restaurants.typed"  # and what its person wrote when a time was gone


# Find


@require_safe
def restaurants(request):
    form = AllForm(request.GET, home_airport().today())
    party, day = form.asked
    region = regions.search.Restaurants(query={"party": str(party), "date": day.isoformat()})
    context = {"form": form, "region": region, "party": party, "key": uuid4()}
    return render(request, "restaurants/guests/list.html", context)


@require_safe
def restaurant(request, slug):
    """One restaurant's times. With ``slot`` of a widget or of a mail, that time is offered first."""
    return times_page(request, restaurant_of(slug), request.GET)


def times_page(request, place, query, status=200, region=None, **context):
    """``region``: the times that the query asks for, where they have been read already."""
    region = region or times_of(place, query)
    form = region.form
    if form.is_valid():
        party, day, _area = form.asked
        context.setdefault("waitlist", WaitlistForm(place, party, day, region.availability.times(day, party)))
        context |= {"party": party, "day": day, "chosen": chosen(region, query.get("slot"))}
    own = own_hold(request, place)
    context |= {
        "restaurant": place,
        "form": form,
        "key": uuid4(),
        "own": own,
        "own_address": own and held_address(own),
        "own_when": own and when(own.starts_at, place.tz),
        "works_here": request.user.is_authenticated and place.staff.contains(request.user),
        "region": region,
        "page_airport": place.airport,
    }
    return render(request, "restaurants/guests/restaurant.html", context, status=status)


def times_of(place, query):
    """The region of the times that a query asks for."""
    form = FindForm(place, query)
    region = regions.search.Times(restaurant=place.slug, query=explicit(form))
    region.place, region.form = place, form
    return region


def explicit(form):
    """The query that says all that the form looks for, whatever day it is when somebody reads it."""
    return {name: str(form.data[name]) for name in ("party", "date", "area") if form.data.get(name)}


def chosen(region, slot):
    """The free Time that an address asks for, or None."""
    time = region.at(int(slot)) if slot and slot.isdecimal() else None
    return time if time and time.is_free else None


# Hold and book


@require_POST
@limited("guests")
def hold(request, slug):
    """Keep a table for seven minutes. Whatever else this browser held at this restaurant is free again."""
    place = restaurant_of(slug)
    form = SlotForm(request.POST)
    if not form.is_valid():
        return times_page(request, place, request.POST, 422, problem=_("That was no time of ours. Choose one below."))
    key = uuid5(NAMESPACE, f"{form.cleaned_data['key'] or uuid4()} {place.pk} {form.choice}")
    former = own_hold(request, place)
    if not former:
        region = times_of(place, query_of(place, form.choice))
        time = region.at(form.choice[0]) if region.form.is_valid() else None
        # Who is late need not wait for the lock. Asked in this order: what this page has taken itself is its own.
        if time and not time.is_free and not Reservation.objects.filter(key=key).exists():
            return refused(request, place, form.choice, Full(), region=region)
    try:
        held = hold_instead(request, place, form.choice, key, former)
    except Refused as refusal:
        return refused(request, place, form.choice, refusal)
    if held.state == State.HELD:
        remember(request, held, [slug, *form.choice])
    return see(held_address(held))


def hold_instead(request, place, choice, key, former):
    """The hold of a time, in place of what this browser holds here already; that stays if the time is gone."""
    if former is None:
        return hold_once(request, place, choice, key)
    if holds_of(request)[str(former.pk)] == [place.slug, *choice]:
        return former
    with transaction.atomic():
        release_hold(former)
        return hold_once(request, place, choice, key)


def hold_once(request, place, choice, key):
    """The same hold again for the same key, unless that one has ended."""
    slot, party, area = choice
    user = request.user if request.user.is_authenticated else None
    made = Reservation.objects.hold(place, slot, party, key, area, user)
    if made.state == State.CANCELLED or made.is_expired():
        made = Reservation.objects.hold(place, slot, party, uuid4(), area, user)
    return made


def query_of(place, choice):
    """The query for the times among which one was chosen."""
    slot, party, area = choice
    day = moment_of(slot).astimezone(place.tz).date()
    return {"party": str(party), "date": day.isoformat(), "area": str(area or "")}


def refused(request, place, choice, refusal, status=409, region=None):
    """Back at the times, told why; where the time is gone, with those that are nearest to it."""
    slot, party, area = choice
    query = query_of(place, choice)
    if not isinstance(refusal, (Full, Taken)):
        return times_page(request, place, query, 422, problem=str(refusal), nearest=[])
    region = region or times_of(place, query)
    nearest = region.availability.nearest(slot, party, area=area) if region.form.is_valid() else []
    return times_page(request, place, query, status, region, problem=_("That time has just gone."), nearest=nearest)


def own_hold(request, place):
    """What this browser holds at a restaurant, or None."""
    keys = [key for key, (slug, *_choice) in holds_of(request).items() if slug == place.slug]
    held = Reservation.objects.filter(pk__in=keys, state=State.HELD, expires_at__gt=timezone.now())
    return held.select_related("restaurant__airport").last()


def release_hold(held):
    """Give a hold back, if it still is one."""
    try:
        if held:
            held.release()
    except (IllegalMove, Reservation.DoesNotExist):
        pass


def holds_of(request):
    return request.session.get(HOLDS, {})


def remember(request, held, choice, most=8):
    latest = list(holds_of(request).items())[-most:]
    request.session[HOLDS] = {**dict(latest), str(held.pk): choice}


def forget(request, key):
    request.session[HOLDS] = {other: choice for other, choice in holds_of(request).items() if other != str(key)}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def held(request, token):
    """What is held, its countdown, and the form that books it. Sent twice, the answer is the same booking."""
    try:
        reservation = open_link(request, links.bookings(), token)
    except Http404:
        return gone(request, token)
    if reservation.state == State.CANCELLED:
        return not_held(request, reservation)
    if reservation.state != State.HELD:
        return see(reservation.get_absolute_url())
    if request.method != "POST":
        return held_page(request, reservation, GuestForm(initial=known_of(request)))
    form = GuestForm(request.POST)
    if not form.is_valid():
        return held_page(request, reservation, form, status=422)
    return confirm(request, reservation, token, form)


def confirm(request, reservation, token, form):
    user = request.user if request.user.is_authenticated else None
    key = reservation.pk
    try:
        reservation.confirm(**form.cleaned_data, user=user)
    except (Taken, Reservation.DoesNotExist):
        return gone(request, token)
    except IllegalMove:
        if reservation.state == State.CANCELLED:
            return not_held(request, reservation)
    except Closed as refusal:
        form.add_error(None, str(refusal))
        return held_page(request, reservation, form, status=422)
    forget(request, key)
    request.session.pop(TYPED, None)
    return see(reservation.get_absolute_url())


def held_page(request, reservation, form, status=200):
    restaurant = reservation.restaurant
    context = {
        "reservation": reservation,
        "restaurant": restaurant,
        "form": form,
        "when": when(reservation.starts_at, restaurant.tz),
        "is_expired": reservation.is_expired(),
        "is_past": reservation.starts_at < timezone.now(),
        "address": times_address(reservation),
        "cancel_before": restaurant.cancel_before,
        "page_airport": restaurant.airport,
    }
    return render(request, "restaurants/guests/held.html", context, status=status)


def not_held(request, reservation):
    messages.info(request, _("That table is not held for you any more. Choose a time again."))
    return see(times_address(reservation))


def known_of(request):
    """What the form need not be told again."""
    known = {}
    if request.user.is_authenticated:
        known = {"name": request.user.get_full_name(), "email": request.user.email}
    return {**known, **request.session.get(TYPED, {})}


def gone(request, token):
    """The hold had expired, and somebody took its table. What was typed waits for the next one."""
    opened = tokens.read(token, Reservation.link_kind())
    if opened is None or str(opened[0]) not in holds_of(request):
        raise Http404
    slug, *choice = holds_of(request)[str(opened[0])]
    if request.method == "POST":
        request.session[TYPED] = {name: request.POST.get(name, "")[:400] for name in GuestForm.base_fields}
    return refused(request, restaurant_of(slug), choice, Full(), status=410)


@require_POST
def release(request, token):
    reservation = open_link(request, links.bookings(), token)
    release_hold(reservation)
    forget(request, reservation.pk)
    return see(times_address(reservation))
