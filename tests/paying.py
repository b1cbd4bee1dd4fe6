"""Payments as a provider makes them."""

from payments import PaymentStatus


def come(payment):
    """Its money has come, as the provider says it."""
    payment.captured_amount = payment.total
    payment.save(update_fields=["captured_amount"])
    payment.change_status(PaymentStatus.CONFIRMED)
