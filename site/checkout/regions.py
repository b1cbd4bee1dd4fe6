from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.functional import cached_property

from checkout import topics
from checkout.models import Payment
from live.regions import Region


class PaymentState(Region):
    """What became of a payment, for who has its address."""

    path, template = "payment/<uuid:token>/", "checkout/_state.html"
    public = by_link = True
    token: UUID

    def topics(self) -> list[str]:
        return [topics.payment(self.payment.pk)]

    @cached_property
    def payment(self) -> Payment:
        found = Payment.objects.filter(token=str(self.token)).first()
        if found is None:
            raise Http404
        return found

    def context(self) -> dict[str, Any]:
        payment = Payment.objects.get(pk=self.payment.pk)
        return {"payment": payment, "thing": payment.thing, "refunds": payment.refunds.order_by("pk")}

    def __repr__(self) -> str:
        """For logs, which must not have the token."""
        return f"<{type(self).__name__}>"
