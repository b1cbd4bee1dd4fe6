"""The queue and the waitlist: a party joins the queue, and the verbs that hosts do with those who wait."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from bookings.restaurants.hosts.forms.queue import QUEUE_FORMS, WAITLIST_FORMS, JoinQueue
from bookings.restaurants.hosts.regions import entries as regions
from bookings.restaurants.hosts.regions.door import DoorCard
from bookings.restaurants.hosts.timeline import QueueTimeline, WaitlistTimeline
from bookings.restaurants.hosts.views.panels import (
    EntryPanel,
    for_staff,
    get_or_post,
    page_context,
    show_form,
    today_at,
)
from bookings.restaurants.hosts.views.reservation import RESERVATION
from bookings.restaurants.models import Presence, QueueEntry, Restaurant
from verbs.views import act

IN_QUEUE = EntryPanel(
    "_waiting.html",
    "restaurants:book-queue-entry",
    QUEUE_FORMS,
    QueueTimeline,
    regions.QueueEntryState,
    regions.QueueEntryHistory,
)
ON_WAITLIST = EntryPanel(
    "_waiting.html",
    "restaurants:book-waitlist-entry",
    WAITLIST_FORMS,
    WaitlistTimeline,
    regions.WaitlistEntryState,
    regions.WaitlistEntryHistory,
)


@get_or_post
@for_staff
def queue(request: HttpRequest, restaurant: Restaurant) -> HttpResponse:
    """Add a party to the queue."""
    panel = partial(show_form, request, restaurant, today_at(restaurant), "_join_queue.html")
    if request.method != "POST":
        return panel(JoinQueue(restaurant))
    form = JoinQueue(restaurant, request.POST)
    return act(request, form, panel, IN_QUEUE.address, done_panel=partial(IN_QUEUE.show, request))


@require_safe
@for_staff
def card(request: HttpRequest, restaurant: Restaurant) -> HttpResponse:
    """The card at the door, to print or to leave open on a tablet. There is none where no code is asked for."""
    if restaurant.presence != Presence.CODE:
        raise Http404("No code is asked for")
    context = {**page_context(request, restaurant, today_at(restaurant)), "region": DoorCard(slug=restaurant.slug)}
    return render(request, "restaurants/hosts/card.html", context)


@require_safe
@for_staff
def queue_entry(request: HttpRequest, restaurant: Restaurant, pk: int) -> HttpResponse:
    return IN_QUEUE.show(request, get_object_or_404(restaurant.queue, pk=pk))


@require_POST
@for_staff
def change_queue_entry(request: HttpRequest, restaurant: Restaurant, pk: int, verb: str) -> HttpResponse:
    """One verb of one party in the queue. A party that is seated leads to its reservation."""
    entry = get_object_or_404(restaurant.queue, pk=pk)
    return IN_QUEUE.act(request, entry, verb, address_now, partial(panel_now, request))


def panel_now(request: HttpRequest, entry: QueueEntry, done: str) -> HttpResponse:
    if entry.reservation:
        return RESERVATION.show(request, entry.reservation, done=done)
    return IN_QUEUE.show(request, entry, done=done)


def address_now(entry: QueueEntry) -> str:
    return RESERVATION.address(entry.reservation) if entry.reservation else IN_QUEUE.address(entry)


@require_safe
@for_staff
def waitlist_entry(request: HttpRequest, restaurant: Restaurant, pk: int) -> HttpResponse:
    return ON_WAITLIST.show(request, get_object_or_404(restaurant.waitlist, pk=pk))


@require_POST
@for_staff
def change_waitlist_entry(request: HttpRequest, restaurant: Restaurant, pk: int, verb: str) -> HttpResponse:
    """One verb of one party on the waitlist."""
    return ON_WAITLIST.act(request, get_object_or_404(restaurant.waitlist, pk=pk), verb)
