"""What the form of an order offers, and what stands in it when it is opened."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.orders import opening
from tracking.orders.baskets import ReadBasket
from tracking.orders.customers.forms import SOON, WHEN, Choices, PlaceForm
from tracking.orders.customers.shown import range_words
from tracking.orders.models import Basket, Order, Shop, State, Way
from tracking.orders.models.baskets import KEPT
from tracking.orders.promising import Outlook, outlook
from verbs.refusals import Refused


def outlook_of(shop: Shop, read: ReadBasket, now: datetime) -> Outlook:
    """How long the kitchen takes for this basket."""
    dishes = [dish for each in read.lines if each.chosen for dish in each.chosen.dishes]
    return outlook(shop, read.count, now, max((dish.minutes or 0 for dish in dishes), default=0))


def filled_form(view: Outlook, basket: Basket, user: Any, typed: dict[str, Any], data: Any = None) -> PlaceForm:
    initial = {"key": basket.key, "way": Way.COLLECTION}
    if user.is_authenticated:
        initial |= {"name": user.get_full_name(), "email": user.email}
    initial |= typed
    ways = [Way.COLLECTION, *([Way.DELIVERY] if view.shop.delivers else [])]
    times = {way: times_of(view, way) for way in ways}
    form = PlaceForm(view.shop, times, [(way.value, way_words(view, way)) for way in ways], data, initial)
    form.not_now = why_not_now(view)
    return form


def typed_before(shop: Shop, basket: Basket, browser: str) -> dict[str, Any]:
    """What this basket was sent with already, where somebody comes back from the payment or has not paid in time."""
    orders = Order.objects.select_related("flight").filter(shop=shop, placed_at=None)
    order = orders.filter(key=basket.key, state=State.UNPAID).first()
    if order is None and browser:
        since = timezone.now() - KEPT
        order = orders.filter(asked_by=browser, state=State.CANCELLED, made_at__gt=since).order_by("-pk").first()
    if order is None:
        return {}
    when = order.wanted_at.astimezone(UTC).isoformat() if order.wanted_at else SOON
    typed = {name: getattr(order, name) for name in ("name", "email", "phone", "note", "way")}
    flight = order.flight.designator if order.flight else ""
    return {**typed, WHEN[Way(order.way)]: when, "flight": flight, "gate": "" if flight else order.gate}


def times_of(view: Outlook, way: str) -> Choices:
    """As soon as possible, where that is today, and the times for which it can be ordered; another day is said in words.

    Nothing is chosen for anybody who can't have it now.
    """
    is_now = opening.is_orderable(view.shop, view.now, view.minutes)
    first = (SOON, _("As soon as possible")) if is_now else ("", _("Choose a time"))
    return [first, *((time.at.astimezone(UTC).isoformat(), time.words) for time in view.times(way))]


def why_not_now(view: Outlook) -> str:
    """Why it can't be had as soon as possible, in a sentence; "" where it can."""
    try:
        opening.check_time(view.shop, None, view.now, view.minutes)
    except Refused as refusal:
        return str(refusal)
    return ""


def way_words(view: Outlook, way: Way) -> str:
    """A way with when it would be there, if it was ordered now."""
    try:
        span = view.promise(way=way)
    except Refused:
        return str(way.label)
    return f"{way.label} ({range_words(span.earliest, span.latest, view.shop.tz)})"
