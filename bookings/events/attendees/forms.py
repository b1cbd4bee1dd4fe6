"""The forms of attendees: how many places, who comes, and what is changed later."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.events.models import Event, Question, QuestionKind, Ticket
from once import OnceField
from post.fields import NameField
from post.text import one_line
from tracking.flights.models import Flight
from tracking.flights.models.codes import AT_GATE


class VoucherForm(forms.Form):
    """A voucher, from the query of an event's page: its ticket types and prices are shown then."""

    voucher = forms.CharField(
        label=gettext_lazy("Voucher (optional)"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_voucher(self) -> str:
        return one_line(self.cleaned_data["voucher"]).upper()


class ChooseForm(VoucherForm):
    """How many places of each type. ``types``: those that are shown; with one of them, the form begins with one place."""

    key = OnceField()

    def __init__(self, event: Event, types: Iterable[Any], data: Any = None, voucher: str = "") -> None:
        super().__init__(data, initial={"voucher": voucher}, auto_id="choose-%s")
        self.event = event
        self.types = list(types)
        for type_ in self.types:
            self.fields[f"type-{type_.id}"] = forms.IntegerField(
                label=type_.name,
                min_value=0,
                max_value=event.most_places,
                required=False,
                initial=1 if len(self.types) == 1 else 0,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def counts(self) -> list[Any]:
        return [self[f"type-{type_.id}"] for type_ in self.types]

    @property
    def wanted(self) -> dict[int, int]:
        """Places by the key of their type, after ``is_valid()``."""
        return {type_.id: self.cleaned_data.get(f"type-{type_.id}") or 0 for type_ in self.types}


class Person(NamedTuple):
    """One ticket in a form: its name, its mail address and its answers."""

    ticket: Ticket
    fields: list[Any]


class AttendeesForm(forms.Form):
    """Who registers, who comes, and what the organiser asks about each. The first name may be left to the contact's.

    ``registration``: held or offered, or made, for what is changed later.
    """

    name = NameField(
        label=gettext_lazy("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        help_text=gettext_lazy("We send the tickets there, with a link to change or cancel them."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone (optional)"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, registration: Any, data: Any = None, initial: Any = None) -> None:
        self.registration = registration
        tickets = registration.live_tickets if registration.booked_at else registration.tickets
        self.tickets = list(tickets.select_related("type").prefetch_related("answers"))
        self.questions = list(registration.event.questions.prefetch_related("types"))
        super().__init__(data, initial={**self.known(), **(initial or {})})
        for ticket in self.tickets:
            if len(self.tickets) > 1 or ticket.position > 1:
                self.add_person(ticket, is_first=ticket.position == 1)
            for question in self.questions_for(ticket):
                self.fields[answer_name(ticket, question)] = answer_field(question)

    def add_person(self, ticket: Ticket, is_first: bool) -> None:
        help_text = gettext_lazy("Leave it empty if this is you.") if is_first else ""
        self.fields[f"name-{ticket.position}"] = NameField(
            label=gettext_lazy("Name"), max_length=80, required=not is_first, help_text=help_text
        )
        if not is_first:
            label = gettext_lazy("Their e-mail (optional)")
            self.fields[f"email-{ticket.position}"] = forms.EmailField(
                label=label, max_length=254, required=False, help_text=gettext_lazy("They get their ticket there.")
            )

    def questions_for(self, ticket: Ticket) -> list[Question]:
        return [
            question
            for question in self.questions
            if not question.types.all() or ticket.type_id in {type_.pk for type_ in question.types.all()}
        ]

    def known(self) -> dict[str, Any]:
        """What the registration has already."""
        found = {name: getattr(self.registration, name) for name in ("name", "email", "phone")}
        for ticket in self.tickets:
            found |= {f"name-{ticket.position}": ticket.name, f"email-{ticket.position}": ticket.email}
            if ticket.position == 1 and ticket.name == self.registration.name:
                found[f"name-{ticket.position}"] = ""  # left to the contact's, it follows that
            for answer in ticket.answers.all():
                found[f"answer-{ticket.position}-{answer.question_id}"] = answer.text
        return {name: value for name, value in found.items() if value}

    @property
    def contact(self) -> list[Any]:
        return [self[name] for name in ("name", "email", "phone")]

    @property
    def people(self) -> Iterator[Person]:
        for ticket in self.tickets:
            names = [f"name-{ticket.position}", f"email-{ticket.position}"]
            names += [answer_name(ticket, question) for question in self.questions_for(ticket)]
            yield Person(ticket, [self[name] for name in names if name in self.fields])

    # After is_valid()

    @property
    def names(self) -> dict[int, str]:
        """Names by the key of their ticket."""
        return {
            ticket.pk: self.cleaned_data.get(f"name-{ticket.position}") or self.cleaned_data["name"]
            for ticket in self.tickets
        }

    @property
    def emails(self) -> dict[int, str]:
        """Mail addresses of people other than the contact, by the key of their ticket."""
        return {ticket.pk: self.cleaned_data.get(f"email-{ticket.position}", "") for ticket in self.tickets}

    @property
    def answers(self) -> dict[tuple[int, int], str]:
        """What was answered, by the keys of ticket and question; "" for nothing."""
        return {
            (ticket.pk, question.pk): text_of(self.cleaned_data.get(answer_name(ticket, question)))
            for ticket in self.tickets
            for question in self.questions_for(ticket)
        }

    def kept(self) -> dict[str, str]:
        """What was typed, for the session: fields are named by the position of their ticket, as in another hold of the same."""
        return {name: str(self.data.get(name, ""))[:500] for name in self.fields if self.data.get(name)}


def answer_name(ticket: Ticket, question: Question) -> str:
    return f"answer-{ticket.position}-{question.pk}"


def answer_field(question: Question) -> forms.Field:
    """A field that asks it."""
    options: dict[str, Any] = {"label": question.text, "required": question.is_required}
    if not question.is_required:
        options["label"] = _("%(question)s (optional)") % {"question": question.text}
    if question.kind == QuestionKind.CHOICE:
        choices = [(text, text) for text in question.options]
        return forms.ChoiceField(choices=[("", _("Choose")), *choices], **options)
    if question.kind == QuestionKind.YES:
        return forms.ChoiceField(choices=[("", _("Choose")), ("yes", _("Yes")), ("no", _("No"))], **options)
    if question.kind == QuestionKind.NUMBER:
        return forms.IntegerField(min_value=-(10**9), max_value=10**9, **options)
    return forms.CharField(max_length=500, **options)


def text_of(value: Any) -> str:
    return "" if value is None else one_line(str(value))


class TransferForm(forms.Form):
    """Who comes instead of the person who registered."""

    name = NameField(label=gettext_lazy("Their name"), max_length=80)
    email = forms.EmailField(
        max_length=254,
        label=gettext_lazy("Their e-mail"),
        help_text=gettext_lazy("They get new tickets and a link of their own. Yours no longer work from then on."),
    )


class FlightForm(forms.Form):
    """The flight that an attendee goes on with, which leaves after the event has begun; empty unlinks it."""

    flight = forms.CharField(
        label=gettext_lazy("Your flight"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("Such as B6 415. We tell you if boarding starts before the event ends."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, registration: Any, data: Any = None, **options: Any) -> None:
        flight = registration.flight
        super().__init__(data, initial={"flight": flight.designator if flight else ""}, **options)
        self.event = registration.event

    def clean_flight(self) -> Flight | None:
        """The first flight of that number that leaves here after the event has begun."""
        typed = self.cleaned_data["flight"].strip()
        if not typed:
            return None
        leaving = Flight.objects.found(typed).filter(origin=self.event.hall.airport, phase__in=AT_GATE)
        after = max(timezone.now(), self.event.starts_at)
        found = leaving.filter(best_departure__gt=after).select_related("airline").first()
        if found is None or not any(letter.isdigit() for letter in typed):
            words = {"airport": self.event.hall.airport}
            raise forms.ValidationError(
                _("We know no such flight that leaves %(airport)s after the beginning.") % words
            )
        return found
