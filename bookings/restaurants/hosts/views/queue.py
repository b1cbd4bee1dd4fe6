"""The queue and the waitlist: a party joins the queue, and the verbs that hosts do with those who wait."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bookings.restaurants.hosts.forms.queue import QUEUE_FORMS, WAITLIST_FORMS, JoinQueue
from bookings.restaurants.hosts.regions import entries as regions
from bookings.restaurants.hosts.timeline import QueueTimeline, WaitlistTimeline
from bookings.restaurants.hosts.views.panels import for_staff, get_or_post, show_form, show_panel, today_at
from bookings.restaurants.hosts.views.reservation import reservation_address, reservation_panel
from bookings.restaurants.models import QueueEntry, QueueEntryChange, Restaurant, WaitlistEntry, WaitlistEntryChange
from verbs.forms import ActionForm, form_of
from verbs.views import act, panel_context


@get_or_post
@for_staff
def queue(request: HttpRequest, restaurant: Restaurant) -> HttpResponse:
    """Add a party to the queue."""
    panel = partial(show_form, request, restaurant, today_at(restaurant), "_join_queue.html")
    if request.method != "POST":
        return panel(JoinQueue(restaurant))
    form = JoinQueue(restaurant, request.POST)
    return act(request, form, panel, queue_entry_address, done_panel=partial(queue_entry_panel, request))


@require_safe
@for_staff
def queue_entry(request: HttpRequest, restaurant: Restaurant, pk: int) -> HttpResponse:
    return queue_entry_panel(request, get_object_or_404(restaurant.queue, pk=pk))


@require_POST
@for_staff
def change_queue_entry(request: HttpRequest, restaurant: Restaurant, pk: int, verb: str) -> HttpResponse:
    """One verb of one party in the queue. A party that is seated leads to its reservation."""
    entry = get_object_or_404(restaurant.queue, pk=pk)
    form = form_of(QUEUE_FORMS, verb, entry, request.POST)
    panel = partial(queue_entry_panel, request, entry)
    return act(request, form, panel, address_now, done_panel=partial(panel_now, request))


def panel_now(request: HttpRequest, entry: QueueEntry, done: str) -> HttpResponse:
    if entry.reservation:
        return reservation_panel(request, entry.reservation, done=done)
    return queue_entry_panel(request, entry, done=done)


def address_now(entry: QueueEntry) -> str:
    return reservation_address(entry.reservation) if entry.reservation else queue_entry_address(entry)


def queue_entry_panel(
    request: HttpRequest,
    entry: QueueEntry,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Iterable[QueueEntryChange] | None = None,
    done: str = "",
) -> HttpResponse:
    entry.refresh_from_db()
    captured: dict[str, Any] = {"slug": entry.restaurant.slug, "pk": entry.pk}
    context = {
        "entry": entry,
        "region": regions.QueueEntryState(**captured),
        "history": regions.QueueEntryHistory(**captured),
        **panel_context(entry, QUEUE_FORMS, QueueTimeline(entry), asked, since, done),
    }
    return show_panel(request, entry.restaurant, today_at(entry.restaurant), "_waiting.html", context, status)


def queue_entry_address(entry: QueueEntry) -> str:
    return reverse("restaurants:book-queue-entry", args=[entry.restaurant.slug, entry.pk])


# The waitlist


@require_safe
@for_staff
def waitlist_entry(request: HttpRequest, restaurant: Restaurant, pk: int) -> HttpResponse:
    return waitlist_entry_panel(request, get_object_or_404(restaurant.waitlist, pk=pk))


@require_POST
@for_staff
def change_waitlist_entry(request: HttpRequest, restaurant: Restaurant, pk: int, verb: str) -> HttpResponse:
    """One verb of one party on the waitlist."""
    entry = get_object_or_404(restaurant.waitlist, pk=pk)
    form = form_of(WAITLIST_FORMS, verb, entry, request.POST)
    return act(request, form, partial(waitlist_entry_panel, request, entry), waitlist_entry_address)


def waitlist_entry_panel(
    request: HttpRequest,
    entry: WaitlistEntry,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Iterable[WaitlistEntryChange] | None = None,
    done: str = "",
) -> HttpResponse:
    entry.refresh_from_db()
    captured: dict[str, Any] = {"slug": entry.restaurant.slug, "pk": entry.pk}
    context = {
        "entry": entry,
        "region": regions.WaitlistEntryState(**captured),
        "history": regions.WaitlistEntryHistory(**captured),
        **panel_context(entry, WAITLIST_FORMS, WaitlistTimeline(entry), asked, since, done),
    }
    return show_panel(request, entry.restaurant, entry.day, "_waiting.html", context, status)


def waitlist_entry_address(entry: WaitlistEntry) -> str:
    return reverse("restaurants:book-waitlist-entry", args=[entry.restaurant.slug, entry.pk])
