"""The rules of fares as rows that staff edit: one tariff for each cabin, with its families, steps and seat fees."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from bookings.seats import topics
from bookings.seats.fares import defaults
from bookings.seats.fares.checks import faults_of_tariff
from bookings.seats.fares.rulebook import RuleBook
from bookings.seats.fares.rules import FamilyCode, FamilyRule, SeatKind, TariffRule
from bookings.seats.fares.steps import Step
from bookings.seats.fares.taxes import TaxRule
from bookings.seats.fares.terms import SeatChoice, Terms, percent
from bookings.seats.layouts.cabins import Cabin
from bookings.seats.models.taxes import Tax
from verbs.history import Change
from verbs.models import Tracked, verb
from verbs.refusals import Refused

# The columns of TariffQuerySet.rows()
OF_TARIFF = ("cabin", "currency", "fixed", "per_mile", "rounding", "child_rate", "infant_rate")
OF_FAMILY = tuple(f"families__{name}" for name in ("code", "rate", "protected", *Terms._fields[1:]))
OF_STEP = tuple(f"families__steps__{name}" for name in Step._fields)


class TariffQuerySet(models.QuerySet["Tariff"]):
    def add(self, rule: TariffRule, by: Any = None) -> "Tariff":
        """Sell a cabin that was not sold yet."""
        with transaction.atomic():
            tariff = self.create(cabin=rule.cabin, currency=rule.currency)
            tariff.write(rule)
            return tariff.begin("add", by=by)

    def in_order(self) -> "list[Tariff]":
        """From the front of the list of cabins."""
        return sorted(self, key=lambda tariff: Cabin.values.index(tariff.cabin))

    def rows(self) -> tuple[tuple[Any, ...], ...]:
        """All tariffs with their families and steps, in one query: a row for each step, in the order of its columns."""
        in_order = self.order_by("pk", "families__code", "families__steps__load", "families__steps__days")
        return tuple(in_order.values_list(*OF_TARIFF, *OF_FAMILY, *OF_STEP))


class Tariff(Tracked):
    """What a cabin costs. Amounts are minor units of ``currency``; rates are basis points of an adult's fare."""

    STATE: ClassVar[str] = "cabin"  # it has no states: every change is legal
    TRACKED: ClassVar = ("fixed", "per_mile", "rounding", "child_rate", "infant_rate")

    cabin = models.CharField(_("cabin"), max_length=8, choices=Cabin, primary_key=True)
    currency = models.CharField(_("currency"), max_length=3)
    fixed = models.PositiveIntegerField(_("for each flight"), default=0)
    per_mile = models.PositiveIntegerField(_("for each mile"), default=0)
    rounding = models.PositiveIntegerField(_("rounded to"), default=1, validators=[MinValueValidator(1)])
    child_rate = models.PositiveSmallIntegerField(_("children pay"), default=defaults.WHOLE)
    infant_rate = models.PositiveSmallIntegerField(_("infants on a lap pay"), default=0)

    objects = TariffQuerySet.as_manager()

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")

    def __str__(self) -> str:
        return str(Cabin(self.cabin).label)

    def rule(self) -> TariffRule:
        """Itself as a plain value."""
        families = sorted((family.rule(self.currency) for family in self.families.all()), key=lambda rule: rule.rank)
        return TariffRule(
            cabin=self.cabin,
            currency=self.currency,
            fixed=self.fixed,
            per_mile=self.per_mile,
            rounding=self.rounding,
            child_rate=self.child_rate,
            infant_rate=self.infant_rate,
            families=tuple(families),
            seat_fees=tuple((fee.kind, fee.amount) for fee in self.seat_fees.all()),
        )

    # Verbs

    @verb
    def revise(self, rule: TariffRule) -> None:
        """Sell by these rules from now on. What is booked keeps its price."""
        self.write(rule)

    # What the verbs need

    def write(self, rule: TariffRule) -> None:
        """Take over the values of a rule, and save its families, steps and fees. Raises Refused for rules that can't be."""
        if faults := faults_of_tariff(rule):
            raise Refused(" ".join(faults))
        for field in self.TRACKED:
            setattr(self, field, getattr(rule, field))
        self.families.exclude(code__in=[family.code for family in rule.families]).delete()
        for family in rule.families:
            Family.objects.update_or_create(tariff=self, code=family.code, defaults=Family.values(family))
        codes = {family.code: family for family in self.families.all()}
        PriceStep.objects.filter(family__in=codes.values()).delete()
        PriceStep.objects.bulk_create(
            PriceStep(family=codes[family.code], load=step.load, days=step.days, rate=step.rate)
            for family in rule.families
            for step in family.steps
        )
        self.seat_fees.all().delete()
        SeatFee.objects.bulk_create(SeatFee(tariff=self, kind=kind, amount=fee) for kind, fee in rule.seat_fees)

    def snapshot(self) -> dict[str, str]:
        families = Family.objects.filter(tariff=self).prefetch_related("steps")
        fees = SeatFee.objects.filter(tariff=self).order_by("kind")
        return {
            **super().snapshot(),
            "families": "\n".join(sorted(family.in_words() for family in families)),
            "seat_fees": ", ".join(f"{fee.kind} {fee.amount}" for fee in fees),
        }

    def topics(self) -> list[str]:
        return [topics.fares()]


class TariffChange(Change):
    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="changes")

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["tariff", "revision"])]


class Family(models.Model):
    """A fare family of a cabin, with its terms. ``rate`` is of the base fare, in basis points.

    ``protected``: how much of the cabin is kept for it and those above it, in basis points. ``change_fee``: None where no
    change is possible. It is written by the verbs of its tariff only.
    """

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="families")
    code = models.CharField(_("fare"), max_length=10, choices=FamilyCode)
    rate = models.PositiveIntegerField(_("part of the base fare"))
    protected = models.PositiveSmallIntegerField(_("protected seats"), default=0)
    change_fee = models.PositiveIntegerField(_("fee for a change"), null=True, blank=True)
    refund_rate = models.PositiveSmallIntegerField(_("refund"), default=0)
    refund_fee = models.PositiveIntegerField(_("fee for a refund"), default=0)
    seat_choice = models.CharField(_("choice of seat"), max_length=7, choices=SeatChoice, default=SeatChoice.NONE)
    bags = models.PositiveSmallIntegerField(_("checked bags"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tariff", "code"], name="one_family_of_a_cabin")]
        verbose_name = _("fare family")
        verbose_name_plural = _("fare families")

    def __str__(self) -> str:
        return self.get_code_display()

    @staticmethod
    def values(rule: FamilyRule) -> dict[str, Any]:
        """The columns of a rule."""
        terms = rule.terms._asdict()
        del terms["currency"]
        return {"rate": rule.rate, "protected": rule.protected, **terms}

    def terms(self, currency: str) -> Terms:
        names = [name for name in Terms._fields if name != "currency"]
        return Terms(currency, *(getattr(self, name) for name in names))

    def rule(self, currency: str) -> FamilyRule:
        steps = tuple(sorted((step.value() for step in self.steps.all()), key=lambda step: step[:2]))
        return FamilyRule(self.tariff_id, self.code, self.rate, self.protected, self.terms(currency), steps)

    def in_words(self) -> str:
        """All its values in one line, for the history of its tariff. Amounts are minor units."""
        change = "–" if self.change_fee is None else self.change_fee
        steps = ", ".join(str(step) for step in self.steps.all())
        return (
            f"{self.code}: {percent(self.rate)} %, protected {percent(self.protected)} %, change {change}, "
            f"refund {percent(self.refund_rate)} % − {self.refund_fee}, seat {self.seat_choice}, bags {self.bags}; {steps}"
        )


class PriceStep(models.Model):
    """How the price of a family moves: ``Step``, as a row."""

    family = models.ForeignKey(Family, models.CASCADE, related_name="steps")
    load = models.PositiveSmallIntegerField(_("from so many seats sold"))
    days = models.PositiveSmallIntegerField(_("from so many days before the departure"))
    rate = models.PositiveIntegerField(_("part of the price"), null=True, blank=True)

    class Meta:
        ordering = ["load", "days"]
        constraints = [models.UniqueConstraint(fields=["family", "load", "days"], name="one_step")]
        verbose_name = _("step of a price")
        verbose_name_plural = _("steps of a price")

    def __str__(self) -> str:
        rate = "closed" if self.rate is None else f"{percent(self.rate)} %"
        return f"{percent(self.load)} %/{self.days} d {rate}"

    def value(self) -> Step:
        return Step(self.load, self.days, self.rate)


class SeatFee(models.Model):
    """What a chosen seat of a kind costs on one flight, where the fare lets one choose for a charge."""

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="seat_fees")
    kind = models.CharField(_("seats"), max_length=10, choices=SeatKind)
    amount = models.PositiveIntegerField(_("fee"))

    class Meta:
        ordering = ["kind"]
        constraints = [models.UniqueConstraint(fields=["tariff", "kind"], name="one_fee_of_a_kind_of_seat")]
        verbose_name = _("fee for a seat")
        verbose_name_plural = _("fees for seats")

    def __str__(self) -> str:
        return self.get_kind_display()


class Rules(RuleBook):
    """The rules of fares as they are now."""

    @classmethod
    def read(cls) -> "Rules":
        """Read all of them, in three queries. Equal rows give the same object, with all that it has worked out before."""
        fees = tuple(SeatFee.objects.order_by("tariff", "kind").values_list("tariff", "kind", "amount"))
        return rules_of(cls, Tariff.objects.rows(), fees, Tax.objects.rules())


@lru_cache(maxsize=8)
def rules_of(
    cls: type[Rules],
    rows: tuple[tuple[Any, ...], ...],
    fees: tuple[tuple[str, str, int], ...],
    taxes: tuple[TaxRule, ...],
) -> Rules:
    """The rules that these rows say. It is remembered by the rows themselves, so it can't be out of date."""
    tariffs = []
    for tariff, of_tariff in groupby(rows, key=lambda row: row[: len(OF_TARIFF)]):
        cabin, currency, *amounts = tariff
        families = sorted(families_of(cabin, currency, of_tariff), key=lambda family: family.rank)
        of_cabin = tuple((kind, amount) for each, kind, amount in fees if each == cabin)
        tariffs.append(TariffRule(cabin, currency, *amounts, tuple(families), of_cabin))
    return cls(tuple(tariffs), taxes)


def families_of(cabin: str, currency: str, rows: Iterable[tuple[Any, ...]]) -> Iterator[FamilyRule]:
    begins, ends = len(OF_TARIFF), len(OF_TARIFF) + len(OF_FAMILY)
    for (code, rate, protected, *terms), of_family in groupby(rows, key=lambda row: row[begins:ends]):
        steps = tuple(Step(*row[ends:]) for row in of_family if row[ends] is not None)
        if code is not None:  # a tariff without a family has a row without one
            yield FamilyRule(cabin, code, rate, protected, Terms(currency, *terms), steps)


def load_defaults(by: Any = None) -> None:
    """Fill in the rules that an installation begins with, where there are none."""
    with transaction.atomic():
        if not Tariff.objects.exists():
            for tariff in defaults.TARIFFS:
                Tariff.objects.add(tariff, by=by)
        if not Tax.objects.exists():
            for tax in defaults.TAXES:
                Tax.objects.add(tax, currency=defaults.CURRENCY, by=by)
