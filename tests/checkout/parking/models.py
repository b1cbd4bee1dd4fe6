from django.db import models

from checkout.payable import Payable
from money import Money
from verbs.refusals import Refused


class ParkingTicket(Payable):
    price = models.PositiveIntegerField(default=23010)
    currency = models.CharField(max_length=3, default="USD")
    until = models.DateTimeField(null=True)
    times_paid = models.PositiveSmallIntegerField(default=0)
    is_gone = models.BooleanField(default=False)

    class Meta:
        app_label = "parking"

    def __str__(self) -> str:
        return f"Parking {self.pk}"

    def amount_due(self):
        return Money(0 if self.times_paid else self.price, self.currency)

    def payable_until(self):
        return self.until

    def payment_url(self):
        return "/"

    def paid(self, payment):
        if self.is_gone:
            raise Refused("The car was towed.")
        self.times_paid += 1
        self.save()
