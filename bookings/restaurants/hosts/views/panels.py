"""What all pages of the reservation book share: who may open them, the day that they show, and their panels."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings.restaurants.hosts.regions.book import day_of_book
from bookings.restaurants.hosts.regions.entries import EntryRegion
from bookings.restaurants.hosts.reservation_list import business_day
from bookings.restaurants.hosts.timeline import StaffTimeline
from bookings.restaurants.models import Restaurant
from verbs.forms import ActionForm, FormsByVerb, form_of
from verbs.history import Change
from verbs.views import act, answer, for_role, panel_context

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def staff_of(user: Any, slug: str, **captured: Any) -> dict[str, Any]:
    """Raises Http404 for everyone who does not work at the restaurant."""
    return {"restaurant": get_object_or_404(user.restaurants.select_related("airport"), slug=slug), **captured}


for_staff = for_role(staff_of)


def today_at(restaurant: Restaurant) -> date:
    """The day whose book is open now."""
    return business_day(restaurant, timezone.now())


def day_asked(request: HttpRequest, restaurant: Restaurant) -> date:
    """The day that an address names, or today. Raises Http404 as ``day_of_book``."""
    return day_of_book(restaurant, request.GET.get("date", ""))


def page_context(request: HttpRequest, restaurant: Restaurant, day: date) -> dict[str, Any]:
    """What every page of the book shows around its content."""
    return {
        "restaurant": restaurant,
        "day": day,
        "today": today_at(restaurant),
        "day_before": day - timedelta(days=1),
        "day_after": day + timedelta(days=1),
        "others": request.user.restaurants.exclude(pk=restaurant.pk),
        "airport_of_page": restaurant.airport,
        "hosting": True,
    }


def show_panel(
    request: HttpRequest,
    restaurant: Restaurant,
    day: date,
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A panel for htmx, and for everyone else a page with the panel."""
    context = {**page_context(request, restaurant, day), **context}
    return answer(request, f"restaurants/hosts/{template}", "restaurants/hosts/panel.html", context, status)


class EntryPanel(NamedTuple):
    """The panels of one kind of row of the book: a reservation, or a party in the queue or on the waitlist."""

    template: str
    page: str  # the name of the address of the panel
    forms: FormsByVerb
    timeline: type[StaffTimeline]
    state: type[EntryRegion]
    history: type[EntryRegion]

    def show(
        self,
        request: HttpRequest,
        entry: Any,
        asked: ActionForm | None = None,
        status: int = 200,
        since: Iterable[Change] | None = None,
        done: str = "",
    ) -> HttpResponse:
        entry.refresh_from_db()
        captured = self.captured(entry)
        context = {
            "entry": entry,
            "region": self.state(**captured),
            "history": self.history(**captured),
            **panel_context(entry, self.forms, self.timeline(entry), asked, since, done),
        }
        day = getattr(entry, "day", None) or today_at(entry.restaurant)
        return show_panel(request, entry.restaurant, day, self.template, context, status)

    def act(
        self,
        request: HttpRequest,
        entry: Any,
        verb: str,
        done_url: Callable[[Any], str] | None = None,
        done_panel: Callable[..., HttpResponse] | None = None,
    ) -> HttpResponse:
        """Do one verb of a row, and show the row's panel, or ``done_panel``."""
        form = form_of(self.forms, verb, entry, request.POST)
        return act(request, form, partial(self.show, request, entry), done_url or self.address, done_panel)

    def address(self, entry: Any) -> str:
        return reverse(self.page, kwargs=self.captured(entry))

    def captured(self, entry: Any) -> dict[str, Any]:
        """What the addresses of its page and of its regions capture."""
        return {"slug": entry.restaurant.slug, **{name: getattr(entry, name) for name in self.state.look_up}}


def show_form(
    request: HttpRequest,
    restaurant: Restaurant,
    day: date,
    template: str,
    form: ActionForm,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The panel of a form that creates something."""
    return show_panel(request, restaurant, day, template, {"form": form, **context}, status)
