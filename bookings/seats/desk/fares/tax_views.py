"""Taxes: those of now and of later, those of before, and a page for each."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bookings.seats.desk.fares.tax_forms import FORMS, NewTax
from bookings.seats.desk.fares.timeline import TaxTimeline, rate_words
from bookings.seats.desk.fares.views import clerks
from bookings.seats.fares.defaults import CURRENCY
from bookings.seats.models import Tariff, Tax
from verbs.forms import ActionForm, form_of
from verbs.views import act, for_role, panel_context


@require_safe
@for_role(clerks)
def taxes(request: HttpRequest) -> HttpResponse:
    return tax_list(request)


@require_POST
@for_role(clerks)
def add_tax(request: HttpRequest) -> HttpResponse:
    return act(request, NewTax(currency(), request.POST), partial(tax_list, request), reverse("seats:taxes"))


@require_safe
@for_role(clerks)
def tax(request: HttpRequest, pk: int) -> HttpResponse:
    return tax_page(request, get_object_or_404(Tax, pk=pk))


@require_POST
@for_role(clerks)
def change_tax(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One verb of one tax."""
    found = get_object_or_404(Tax, pk=pk)
    form = form_of(FORMS, verb, found, request.POST)
    return act(request, form, partial(tax_page, request, found), reverse("seats:taxes"))


def tax_list(
    request: HttpRequest, form: ActionForm | None = None, status: int = 200, since: Any = None, done: str = ""
) -> HttpResponse:
    today = timezone.now().date()
    rows = [(tax, rate_words(tax.kind, tax.amount, tax.currency)) for tax in Tax.objects.all()]
    context = {
        "current": [row for row in rows if not is_over(row[0], today)],
        "former": [row for row in rows if is_over(row[0], today)],
        "form": form or NewTax(currency()),
        "tariffs": Tariff.objects.in_order(),
        "done": done,
    }
    return render(request, "seats/desk/fares/taxes.html", context, status=status)


def tax_page(
    request: HttpRequest,
    tax: Tax,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Any = None,
    done: str = "",
) -> HttpResponse:
    tax.refresh_from_db()
    context = {
        "tax": tax,
        "rate": rate_words(tax.kind, tax.amount, tax.currency),
        "steps": TaxTimeline(tax).steps(),
        "tariffs": Tariff.objects.in_order(),
    }
    context |= panel_context(tax, FORMS, TaxTimeline(tax), asked, since, done)
    return render(request, "seats/desk/fares/tax.html", context, status=status)


def is_over(tax: Tax, today: Any) -> bool:
    return tax.valid_to is not None and tax.valid_to < today


def currency() -> str:
    """That of the fares: taxes are added to them."""
    tariffs = Tariff.objects.in_order()
    return tariffs[0].currency if tariffs else CURRENCY
