"""Who works at the sales desk. For everybody else its pages do not exist."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from bookings.seats.models import Coupon, Inventory

PERMISSION = "seats.change_inventory"

FLIGHT = ("flight__origin", "flight__destination", "flight__airline")
OF_COUPON = ("traveller", "assignment", "segment__booking", *(f"segment__inventory__{name}" for name in FLIGHT))


def is_agent(user: Any) -> bool:
    return bool(user.has_perm(PERMISSION))


def agents(user: Any, **captured: Any) -> dict[str, Any]:
    """Raises Http404 for everyone else, and for a flight or a ticket that does not exist."""
    if not is_agent(user):
        raise Http404
    if (pk := captured.pop("pk", None)) is not None:
        captured["inventory"] = get_object_or_404(Inventory.objects.select_related(*FLIGHT), pk=pk)
    if (pk := captured.pop("coupon", None)) is not None:
        captured["coupon"] = get_object_or_404(Coupon.objects.select_related(*OF_COUPON), pk=pk)
    return captured
