"""The widgets of restaurants: the free times of one, and a guest's own booking; with their regions."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.restaurants.guests.addresses import restaurant_or_404
from bookings.restaurants.guests.regions import Booked, Times
from bookings.restaurants.models import Reservation, Restaurant
from bookings.restaurants.models.states import TAKING
from bookings.restaurants.models.times import FULL, Time
from bookings.restaurants.models.venue import LARGEST_PARTY
from clocks import clock, when
from embeds.registry import OwnThingForm, ThingForm, Widget, everybody, register, row_of
from tracking.flights.models import Airport

CSS = "css/restaurants/guests.css"


# Free times

MOST = 12  # times that are shown; the restaurant's page has all


class TimeLink(NamedTuple):
    """A time, and where on the restaurant's page it can be taken ("" while it is held); or the name of a service (``slot`` 0)."""

    id: str
    slot: int
    words: str
    url: str = ""


class FreeTimes(Times):
    """The first times of one day that are free, or held and may become so. Unless it is asked otherwise: for two, today."""

    path, stays = "embed/tables/<slug:slug>/", True
    template = "restaurants/guests/widgets/_tables.html"
    row_template = "restaurants/guests/widgets/_time.html"

    @property
    def place(self) -> Airport:
        return self.restaurant.airport

    @property
    def query_of_page(self) -> str:
        """The query of the restaurant's page that shows the same."""
        party, day, area = self.form.asked
        return urlencode({"party": party, "date": day.isoformat(), **({"area": area} if area else {})})

    @cached_property
    def offered(self) -> list[Time]:
        """The times that are free, and then as many that are held as there is room for; by the clock."""
        possible = [time for time in self.times if time.state != FULL]
        chosen = sorted(possible, key=lambda time: not time.is_free)[:MOST]
        return sorted(chosen, key=lambda time: time.slot)

    def context(self) -> dict[str, Any]:
        context = super().context()
        address = reverse("restaurants:restaurant", args=[self.slug])
        if self.day:
            context |= {"url": f"{address}?{self.query_of_page}", "has_more": len(self.offered) == MOST}
        return {"url": address, **context}

    def rows(self) -> Iterator[TimeLink]:
        if not self.day:
            return
        address = f"{reverse('restaurants:restaurant', args=[self.slug])}?{self.query_of_page}&slot="
        service = None
        for time in self.offered:
            if time.service and time.service != service:
                service = time.service
                yield TimeLink(f"service-{service.pk}", 0, service.name)
            url = f"{address}{time.slot}" if time.is_free else ""
            yield TimeLink(str(time.slot), time.slot, clock(time.at, self.restaurant.tz), url)


class TablesForm(ThingForm):
    restaurant = forms.ModelChoiceField(
        label=gettext_lazy("Restaurant"), queryset=Restaurant.objects.all(), to_field_name="slug", empty_label=None
    )
    party = forms.IntegerField(
        label=gettext_lazy("Guests at first (optional)"), min_value=1, max_value=LARGEST_PARTY, required=False
    )

    @property
    def thing(self) -> str:
        slug: str = self.cleaned_data["restaurant"].slug
        return slug

    @property
    def attributes(self) -> dict[str, str]:
        return {"restaurant": self.thing}

    @property
    def options(self) -> dict[str, str]:
        party = self.cleaned_data["party"]
        return {"party": str(party)} if party else {}


def tables_region(thing: str, query: Mapping[str, str]) -> FreeTimes:
    return FreeTimes(slug=restaurant_or_404(thing).slug, query=query)


def tables_url(thing: str) -> str:
    return reverse("restaurants:restaurant", args=[restaurant_or_404(thing).slug])


def tables_title(thing: str) -> str:
    return _("Tables at %(name)s") % {"name": restaurant_or_404(thing).name}


# A guest's own booking


class BookingCard(Booked):
    """A booking in short: where, when, for how many, and its state. It names nobody."""

    path, stays = "embed/booking/<str:token>/", True
    template = "restaurants/guests/widgets/_booking.html"

    @property
    def place(self) -> Airport:
        reservation: Any = self.thing
        airport: Airport = reservation.restaurant.airport
        return airport


def own_bookings(user: Any) -> Any:
    """The bookings that somebody has made with this account and still holds."""
    return Reservation.objects.made_by_guests().filter(user=user).select_related("restaurant__airport")


class BookingForm(OwnThingForm):
    chooses = "booking"
    booking = forms.ModelChoiceField(
        label=gettext_lazy("Booking"), queryset=Reservation.objects.none(), empty_label=None
    )

    def own(self, user: Any) -> Any:
        return own_bookings(user).filter(state__in=TAKING).order_by("first")

    def words(self, row: Reservation) -> str:
        """Bistro, Sat 21 November, 18:30."""
        return f"{row.restaurant.name}, {when(row.starts_at, row.tz)}"


def booking_of(thing: str) -> Reservation:
    found: Reservation = row_of(Reservation.objects.made_by_guests().select_related("restaurant__airport"), thing)
    return found


def booking_region(thing: str, query: Mapping[str, str]) -> BookingCard:
    return BookingCard(token=booking_of(thing).token)


def booking_url(thing: str) -> str:
    """The page of all the owner's bookings: the address of this one alone would let everybody change it."""
    booking_of(thing)
    return reverse("restaurants:mine")


def booking_title(thing: str) -> str:
    return _("Table at %(name)s") % {"name": booking_of(thing).restaurant.name}


def may_embed_booking(user: Any, thing: str) -> bool:
    """Whose booking it is. A booking that was transferred is not theirs any more."""
    try:
        return bool(user.is_authenticated and row_of(own_bookings(user), thing))
    except Http404:
        return False


register(
    Widget(
        "tables",
        gettext_lazy("Free tables"),
        TablesForm,
        tables_region,
        tables_url,
        tables_title,
        everybody,
        css=CSS,
        pages={"restaurants:restaurant": "{slug}"},
        height=440,
        template="restaurants/guests/widgets/tables.html",
    )
)
register(
    Widget(
        "booking",
        gettext_lazy("A booking of yours"),
        BookingForm,
        booking_region,
        booking_url,
        booking_title,
        may_embed_booking,
        is_private=True,
        css=CSS,
        pages={"restaurants:booked": "", "restaurants:mine": ""},
    )
)
