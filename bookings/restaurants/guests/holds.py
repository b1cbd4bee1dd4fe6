"""The holds of one browser, which its session remembers; a guest needs no account."""

from contextlib import suppress
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpRequest

from bookings.restaurants.models import IllegalMove, Reservation, Restaurant, State
from strangers import asker_of

HOLDS = "restaurants.holds"  # {key of a reservation: [slug of its restaurant, slot, party, area]}
MOST = 8


class Choice(NamedTuple):
    """What a guest chose: a slot, a party size, and the key of an area or None."""

    slot: int
    party: int
    area: int | None


def own_hold(request: HttpRequest, restaurant: Restaurant) -> Reservation | None:
    """What this browser holds at a restaurant."""
    keys = [key for key, (slug, *_choice) in holds_of(request).items() if slug == restaurant.slug]
    held = Reservation.objects.filter(pk__in=keys, state=State.HELD).holding()
    return held.select_related("restaurant__airport").last()


def hold_instead(
    request: HttpRequest, restaurant: Restaurant, choice: Choice, key: UUID, former: Reservation | None
) -> Reservation:
    """Hold a time in place of ``former``, which stays if the time is gone. Raises Refused."""
    if former is None:
        return hold_once(request, restaurant, choice, key)
    if holds_of(request)[str(former.pk)] == [restaurant.slug, *choice]:
        return former
    with transaction.atomic():
        release(former)
        return hold_once(request, restaurant, choice, key)


def hold_once(request: HttpRequest, restaurant: Restaurant, choice: Choice, key: UUID) -> Reservation:
    """The same key gives the same hold, unless that one has ended."""
    user = request.user if request.user.is_authenticated else None
    asked: Any = {"area": choice.area, "user": user, "asker": asker_of(request)}
    held = Reservation.objects.hold(restaurant, choice.slot, choice.party, key, **asked)
    if held.state == State.CANCELLED or held.is_expired():
        held = Reservation.objects.hold(restaurant, choice.slot, choice.party, uuid4(), **asked)
    return held


def release(held: Reservation) -> None:
    """Release a hold, unless it has ended."""
    with suppress(IllegalMove, Reservation.DoesNotExist):
        held.release()


def holds_of(request: HttpRequest) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = request.session.get(HOLDS, {})
    return found


def choice_of(request: HttpRequest, key: int) -> tuple[str, Choice] | None:
    """The restaurant's slug and the choice of a hold of this browser, None if it is another browser's."""
    if str(key) not in holds_of(request):
        return None
    slug, *choice = holds_of(request)[str(key)]
    return slug, Choice(*choice)


def remember(request: HttpRequest, held: Reservation, slug: str, choice: Choice) -> None:
    latest = list(holds_of(request).items())[-MOST:]
    request.session[HOLDS] = {**dict(latest), str(held.pk): [slug, *choice]}


def forget(request: HttpRequest, key: int) -> None:
    request.session[HOLDS] = {other: choice for other, choice in holds_of(request).items() if other != str(key)}
