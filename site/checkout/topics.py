"""The topics of payments: what can change."""


def payment(pk: int) -> str:
    return f"payment-{pk}"
