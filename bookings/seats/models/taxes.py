"""Taxes and charges, as rows with the days on which they are valid."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.seats import topics
from bookings.seats.fares.checks import faults_of_tax, overlapping
from bookings.seats.fares.taxes import Dated, Reach, TaxKind, TaxRule
from tracking.flights.models import Airport
from verbs.history import Change
from verbs.models import Tracked, verb
from verbs.refusals import Refused


class TaxQuerySet(models.QuerySet["Tax"]):
    def add(self, rule: TaxRule, currency: str, by: Any = None) -> "Tax":
        """Charge a tax on the days that it is valid."""
        with transaction.atomic():
            tax = self.model(currency=currency)
            tax.write(rule)
            return tax.begin("add", by=by)

    def rules(self) -> tuple[TaxRule, ...]:
        """All taxes as plain values, in one query."""
        rows = self.annotate(at=Coalesce("airport", Value(""))).values_list(
            *("at" if name == "airport" else name for name in TaxRule._fields)
        )
        return tuple(TaxRule(*row) for row in rows)


class Tax(Tracked):
    """One tax at one rate. A new rate is a new row: what was valid before stays to be read.

    ``amount``: minor units of ``currency``, or basis points where it is a share of the fare. ``most``: how often it is due
    in one direction at most, 0 for no limit. ``dated``: whether its days are those of the sale or of the departure, the
    latter at the airport.
    """

    STATE: ClassVar[str] = "kind"  # it has no states: every change is legal
    TRACKED: ClassVar = (
        *("code", "name", "kind", "amount", "country", "airport", "reach"),
        *("valid_from", "valid_to", "for_lap_infants", "most", "dated"),
    )

    code = models.CharField(_("code"), max_length=4, validators=[RegexValidator(r"^[A-Z0-9]{2,4}$")])
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("counted by"), max_length=8, choices=TaxKind)
    amount = models.PositiveIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    country = models.CharField(_("country"), max_length=2, blank=True, validators=[RegexValidator(r"^[A-Z]{2}$")])
    airport = models.ForeignKey(Airport, models.PROTECT, null=True, blank=True, verbose_name=_("airport"))
    reach = models.CharField(_("due on"), max_length=13, choices=Reach, default=Reach.ANY)
    valid_from = models.DateField(_("first day"), null=True, blank=True)
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    for_lap_infants = models.BooleanField(_("infants on a lap pay it too"), default=False)
    dated = models.CharField(_("days are those of"), max_length=6, choices=Dated, default=Dated.TRAVEL)
    most = models.PositiveSmallIntegerField(_("at most, in one direction"), default=0)

    objects = TaxQuerySet.as_manager()

    class Meta:
        ordering = ["code", "airport", "country", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="tax_valid_from_to",
            ),
        ]
        verbose_name = _("tax")
        verbose_name_plural = _("taxes")

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def rule(self) -> TaxRule:
        """Itself as a plain value."""
        return TaxRule(
            code=self.code,
            name=self.name,
            kind=self.kind,
            amount=self.amount,
            country=self.country,
            airport=self.airport_id or "",
            reach=self.reach,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            for_lap_infants=self.for_lap_infants,
            most=self.most,
            dated=self.dated,
        )

    # Verbs

    @verb
    def revise(self, rule: TaxRule) -> None:
        """Charge it like this from now on. What is booked keeps its price."""
        self.write(rule)

    @verb
    def change_rate(self, amount: int, since: date) -> None:
        """Charge another rate from a day on: this row ends the day before, and a new one begins."""
        if since <= (self.valid_from or date.min):  # before which no day can end the former rate
            raise Refused(gettext("The new rate can’t begin before the second day of this one."))
        later = self.rule()._replace(amount=amount, valid_from=since)
        self.valid_to = since - timedelta(days=1)
        self.new_rate = later

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        """The new rate is added when the former one has ended: both on one day would be refused."""
        later, self.new_rate = self.new_rate, None
        if later:
            Tax.objects.add(later, self.currency, by=(self.context or {}).get("by"))

    # What the verbs need

    new_rate: TaxRule | None = None

    def write(self, rule: TaxRule) -> None:
        """Take over the values of a rule, unsaved."""
        for field, value in rule._asdict().items():
            if field == "airport":
                self.airport_id = value or None
            else:
                setattr(self, field, value)

    def check_rules(self) -> None:
        rule = self.rule()
        faults = faults_of_tax(rule)
        others = Tax.objects.filter(code=self.code).exclude(pk=self.pk).rules()
        if other := overlapping(rule, others):
            words = {"name": other.name, "code": other.code}
            faults.append(gettext("%(name)s (%(code)s) is charged on some of these days already.") % words)
        if faults:
            raise Refused(" ".join(faults))

    def topics(self) -> list[str]:
        return [topics.fares()]


class TaxChange(Change):
    tax = models.ForeignKey(Tax, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["tax", "revision"])]
