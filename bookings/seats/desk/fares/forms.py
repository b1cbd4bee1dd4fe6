"""The form of a tariff: prices, families, and the steps by which prices rise, all of one cabin."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bookings.seats.desk.fares.fields import CLOSED, PercentField, StepField
from bookings.seats.desk.fares.markets import Market, market_of
from bookings.seats.fares.checks import faults_of_tariff
from bookings.seats.fares.rules import FamilyRule, SeatKind, TariffRule
from bookings.seats.fares.shares import WHOLE
from bookings.seats.fares.steps import ANY_DAY, Step
from bookings.seats.fares.terms import SeatChoice, Terms
from money_fields import MoneyField
from verbs.forms import VerbForm

SPARE = 3  # empty rows for new steps
MOST_STEPS = 40
DEAREST = 10 * WHOLE
AMOUNTS = {"fixed": _("Each flight"), "per_mile": _("Each mile"), "rounding": _("Rounded to")}
RATES = {"child_rate": _("Children and infants with a seat pay, %"), "infant_rate": _("Infants on a lap pay, %")}


class FamilyRow(NamedTuple):
    """One value of all families, in the table of the form."""

    label: Any
    fields: list[BoundField]


class StepRow(NamedTuple):
    load: BoundField
    days: BoundField
    fields: list[BoundField]


class TariffForm(VerbForm):
    """Fields are named by what they are of: ``fixed``, ``legroom``, ``flex-rate``, ``step-0-load``, ``step-0-flex``."""

    verb, label, button, tone = "revise", _("Fares"), _("Save and sell at these prices"), "first"
    done_text = _("Saved. From now on everybody sees these prices.")

    def __init__(self, instance: Any, data: Any = None) -> None:
        self.rule: TariffRule = instance.rule()
        super().__init__(instance, data)
        self.fields |= self.own_fields()

    @property
    def action(self) -> str:
        return reverse("seats:revise-fares", args=[self.instance.pk])

    @property
    def preview_action(self) -> str:
        return reverse("seats:preview-fares", args=[self.instance.pk])

    # Its fields

    def own_fields(self) -> dict[str, forms.Field]:
        amounts = {name: MoneyField(self.rule.currency, label=label) for name, label in AMOUNTS.items()}
        rates = {name: PercentField(label=label) for name, label in RATES.items()}
        fees = {kind.value: MoneyField(self.rule.currency, label=kind.label, required=False) for kind in SeatKind}
        families = {
            f"{family.code}-{name}": field
            for family in self.rule.families
            for name, field in self.fields_of_family(family).items()
        }
        steps = {}
        for number in range(self.number_of_steps):
            steps |= self.fields_of_step(number)
        return {**amounts, **rates, **fees, **families, **steps, **self.fields_of_preview()}

    def fields_of_preview(self) -> dict[str, forms.Field]:
        widget = forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"})
        names = {"origin": _("Preview flights from (code)"), "destination": _("To (code)")}
        return {
            name: forms.CharField(label=label, max_length=3, required=False, widget=widget)
            for name, label in names.items()
        }

    def fields_of_family(self, family: FamilyRule) -> dict[str, forms.Field]:
        currency = self.rule.currency
        fields = {
            "rate": PercentField(DEAREST, label=_("Part of the base fare, %")),
            "protected": PercentField(label=_("Protected seats, %")),
            "change_fee": MoneyField(currency, label=_("Fee for a change (empty: no changes)"), required=False),
            "refund_rate": PercentField(label=_("Refund, %")),
            "refund_fee": MoneyField(currency, label=_("Fee for a refund"), required=False),
            "seat_choice": forms.ChoiceField(label=_("Choice of seat"), choices=SeatChoice.choices),
            "bags": forms.IntegerField(label=_("Checked bags"), min_value=0, max_value=9),
        }
        for field in fields.values():
            field.widget.attrs["aria-label"] = f"{family.name}: {field.label}"
        return fields

    def fields_of_step(self, number: int) -> dict[str, forms.Field]:
        row = {
            "load": PercentField(required=False),
            "days": forms.IntegerField(min_value=0, max_value=ANY_DAY, required=False),
        }
        row |= {family.code: StepField(DEAREST, required=False) for family in self.rule.families}
        names = {"load": _("Sold from, %"), "days": _("From, days ahead")}
        names |= {family.code: family.name for family in self.rule.families}
        for name, field in row.items():
            field.label = names[name]
            field.widget.attrs["aria-label"] = _("Step %(number)s: %(name)s") % {
                "number": number + 1,
                "name": names[name],
            }
        return {f"step-{number}-{name}": field for name, field in row.items()}

    @cached_property
    def number_of_steps(self) -> int:
        """Rows of steps: those that were sent, else those that there are and some to fill in."""
        if self.is_bound:
            sent = [name.split("-")[1] for name in self.data if name.startswith("step-")]
            return min(MOST_STEPS, max((int(number) + 1 for number in sent if number.isdecimal()), default=0))
        return min(MOST_STEPS, len(self.corners) + SPARE)

    @cached_property
    def corners(self) -> list[tuple[int, int]]:
        """From which load and how many days ahead there are steps: first those of days, then those of load."""
        steps = {(step.load, step.days) for family in self.rule.families for step in family.steps}
        return sorted(steps, key=lambda step: (step[0], -step[1]))

    def start(self) -> dict[str, Any]:
        rule = self.rule
        values: dict[str, Any] = {name: getattr(rule, name) for name in (*AMOUNTS, *RATES)}
        values |= dict(rule.seat_fees)
        for family in rule.families:
            kept = {"rate": family.rate, "protected": family.protected, **family.terms._asdict()}
            values |= {f"{family.code}-{name}": value for name, value in kept.items()}
            for step in family.steps:
                number = self.corners.index((step.load, step.days))
                values[f"step-{number}-{family.code}"] = CLOSED if step.rate is None else step.rate
        for number, (load, days) in enumerate(self.corners):
            values |= {f"step-{number}-load": load, f"step-{number}-days": None if days == ANY_DAY else days}
        return values

    # Its fields as the page shows them

    @property
    def prices(self) -> list[BoundField]:
        return [self[name] for name in (*AMOUNTS, *RATES, *SeatKind.values)]

    @property
    def market_fields(self) -> list[BoundField]:
        return [self["origin"], self["destination"]]

    @property
    def family_rows(self) -> Iterator[FamilyRow]:
        codes = [family.code for family in self.rule.families]
        for name, field in self.fields_of_family(self.rule.families[0]).items():
            yield FamilyRow(field.label, [self[f"{code}-{name}"] for code in codes])

    @property
    def step_rows(self) -> Iterator[StepRow]:
        for number in range(self.number_of_steps):
            cells = [self[f"step-{number}-{family.code}"] for family in self.rule.families]
            yield StepRow(self[f"step-{number}-load"], self[f"step-{number}-days"], cells)

    # What was written

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for fault in faults_of_tariff(self.revised):
                self.add_error(None, fault)
        return values

    def arguments(self) -> dict[str, Any]:
        return {"rule": self.revised}

    @cached_property
    def revised(self) -> TariffRule:
        """The rules as they were written."""
        values = self.cleaned_data
        return self.rule._replace(
            **{name: values[name] for name in (*AMOUNTS, *RATES)},
            families=tuple(self.revised_family(family) for family in self.rule.families),
            seat_fees=tuple((kind, values[kind] or 0) for kind in SeatKind.values),
        )

    def revised_family(self, family: FamilyRule) -> FamilyRule:
        values = {name: self.cleaned_data[f"{family.code}-{name}"] for name in self.fields_of_family(family)}
        rate, protected = values.pop("rate"), values.pop("protected")
        values["refund_fee"] = values["refund_fee"] or 0
        terms = Terms(currency=self.rule.currency, **values)
        steps = tuple(sorted(self.revised_steps(family.code), key=lambda step: step[:2]))
        return family._replace(rate=rate, protected=protected, terms=terms, steps=steps)

    def revised_steps(self, code: str) -> Iterator[Step]:
        seen = set()
        for number in range(self.number_of_steps):
            load, days, rate = (self.cleaned_data[f"step-{number}-{name}"] for name in ("load", "days", code))
            days = ANY_DAY if days is None else days
            if rate is None or (load or 0, days) in seen:
                continue
            seen.add((load or 0, days))
            yield Step(load or 0, days, None if rate == CLOSED else rate)

    @cached_property
    def market(self) -> Market:
        """The market that the preview is for."""
        return market_of(self.cleaned_data["origin"], self.cleaned_data["destination"])
