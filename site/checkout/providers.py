"""Who takes the money: one provider, from the settings; in the demo a form that only says so."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from payments import PaymentStatus, RedirectNeeded
from payments.dummy import DummyProvider
from payments.forms import PaymentForm


def provider_name() -> str:
    """The name of the provider in the settings; "" where none is set up."""
    return next(iter(settings.PAYMENT_VARIANTS), "")


class DemoForm(PaymentForm):
    """Whether the demo's money comes. There is no card number to type."""

    status = forms.ChoiceField(
        label=_("What the bank answers"),
        choices=[
            (PaymentStatus.CONFIRMED, _("It is paid")),
            (PaymentStatus.REJECTED, _("It is refused")),
        ],
        widget=forms.RadioSelect,
        initial=PaymentStatus.CONFIRMED,
    )


class DemoProvider(DummyProvider):
    """The library's dummy provider with one question. No money moves."""

    def get_form(self, payment: Any, data: Any = None) -> forms.Form:
        if payment.status == PaymentStatus.WAITING:
            payment.change_status(PaymentStatus.INPUT)
        form = DemoForm(data=data, hidden_inputs=False, provider=self, payment=payment)
        if not form.is_valid():
            return form
        if form.cleaned_data["status"] == PaymentStatus.CONFIRMED:
            payment.captured_amount = payment.total
            payment.save(update_fields=["captured_amount"])
        payment.change_status(form.cleaned_data["status"])
        raise RedirectNeeded(payment.get_success_url())

    def process_data(self, payment: Any, request: HttpRequest) -> HttpResponse:
        """The library's own takes the answer from the address, which anybody could write."""
        return HttpResponseRedirect(payment.get_success_url())

    def refund(self, payment: Any, amount: Any = None) -> Any:
        return amount or payment.captured_amount
