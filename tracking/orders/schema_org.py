"""An order as programs read it in a mail: Order of schema.org. Imports no model."""

from typing import Any

from links.tokens import absolute
from money import Money

CONTEXT = "https://schema.org"
STATUS = {
    "unpaid": "OrderPaymentDue",
    "placed": "OrderProcessing",
    "accepted": "OrderProcessing",
    "making": "OrderProcessing",
    "ready": "OrderPickupAvailable",
    "out": "OrderInTransit",
    "collected": "OrderDelivered",
    "delivered": "OrderDelivered",
    "refused": "OrderCancelled",
    "cancelled": "OrderCancelled",
}


def order_of(order: Any) -> dict[str, Any]:
    """Prices are those that are printed; times have the offset of the airport."""
    lines = [line for line in order.lines.all() if not line.is_void]
    found = {
        "@context": CONTEXT,
        "@type": "Order",
        "orderNumber": order.reference,
        "orderStatus": f"{CONTEXT}/{status_of(order)}",
        "orderDate": (order.placed_at or order.made_at).astimezone(order.shop.tz).isoformat(timespec="seconds"),
        "merchant": {"@type": "Organization", "name": order.shop.name},
        "customer": {"@type": "Person", "name": order.name},
        "price": str(Money(sum(line.amount for line in lines), order.currency).units),
        "priceCurrency": order.currency,
        "acceptedOffer": [offer_of(order, line) for line in lines],
        "url": absolute(order.get_absolute_url()),
    }
    if order.way == "delivery" and order.state not in ("cancelled", "refused"):
        found["orderDelivery"] = {
            "@type": "ParcelDelivery",
            "expectedArrivalFrom": order.earliest.astimezone(order.shop.tz).isoformat(timespec="seconds"),
            "expectedArrivalUntil": order.latest.astimezone(order.shop.tz).isoformat(timespec="seconds"),
        }
    return found


def status_of(order: Any) -> str:
    """What is ready for a gate is still on its way to the customer."""
    if order.state == "ready" and order.way == "delivery":
        return "OrderProcessing"
    return STATUS[order.state]


def offer_of(order: Any, line: Any) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "itemOffered": {"@type": "MenuItem", "name": line.name},
        "price": str(Money(line.amount, order.currency).units),
        "priceCurrency": order.currency,
        "eligibleQuantity": {"@type": "QuantitativeValue", "value": line.quantity},
    }
