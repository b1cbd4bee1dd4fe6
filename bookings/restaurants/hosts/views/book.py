"""The reservation book: one day in one of three views."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.restaurants.hosts.regions import book as regions
from bookings.restaurants.hosts.reservation_list import service_now, services_of
from bookings.restaurants.hosts.views.panels import day_asked, for_staff, page_context
from bookings.restaurants.models import Restaurant

VIEWS = {"list": regions.ReservationList, "grid": regions.ReservationGrid, "floor": regions.ReservationFloor}


@require_safe
@for_staff
def book(request: HttpRequest, restaurant: Restaurant) -> HttpResponse:
    day = day_asked(request, restaurant)
    view = request.GET.get("view", "list")
    if view not in VIEWS:
        raise Http404(f"No view {view}")
    query = {**request.GET.dict(), "restaurant": restaurant.slug, "date": day.isoformat()}
    if "service" not in query and (service := service_now(restaurant, day, timezone.now())):
        query["service"] = str(service.pk)
    context = {
        **page_context(request, restaurant, day),
        "view": view,
        "views": [("list", _("List")), ("grid", _("Grid")), ("floor", _("Floor"))],
        "region": VIEWS[view](query=query),
        "pacing": regions.Pacing(query=query),
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
    return render(request, "restaurants/hosts/book.html", context)
