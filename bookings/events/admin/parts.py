"""What belongs to an event, as rows on its page: quotas, ticket types, questions, check-in lists and rooms."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.workplaces import ScopedInline
from bookings.events.admin.fields import OfEvent
from bookings.events.models import CheckInList, Event, Place, Question, Quota, Room, TicketType, WaitlistEntry
from local_times import LocalMomentField
from money_fields import MoneyField


class TypesOfEvent(BaseInlineFormSet):
    """Rows whose quotas or ticket types are those of the event, prices in its currency, times on its clock."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        event = self.instance
        for name in ("quotas", "types"):
            if name in form.fields:
                field: Any = form.fields[name]
                field.queryset = field.queryset.filter(event=event if event.pk else None)
                if name == "quotas" and not form.instance.pk and len(field.queryset) == 1:
                    field.initial = list(field.queryset)  # there is no other to choose
        if "price" in form.fields:
            words = _("0 for free of charge.")
            form.fields["price"] = MoneyField(event.currency or "USD", label=_("Price"), initial=0, help_text=words)
        for name in ("sale_from", "sale_until", "opens_at", "closes_at"):
            if name in form.fields and event.hall_id:
                form.fields[name] = LocalMomentField(event.tz, label=form.fields[name].label, required=False)


class KeepsWhatIsUsed(BaseInlineFormSet):
    """A row that is used is not deleted. A subclass says why a row is kept."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and (why := self.why_kept(form.instance)):
                raise ValidationError(why % {"name": form.instance})

    def why_kept(self, row: Any) -> str:
        """A sentence about ``%(name)s``; "" for a row that may go."""
        raise NotImplementedError


class QuotasOfEvent(KeepsWhatIsUsed):
    def why_kept(self, quota: Quota) -> str:
        if Place.objects.filter(type__quotas=quota).exists():
            return _("The quota %(name)s is used, so it can’t be deleted.")
        if WaitlistEntry.objects.open().filter(type__quotas=quota).exists():
            return _("Somebody is on the waitlist for places of %(name)s, so it can’t be deleted.")
        return ""


class TypeSet(TypesOfEvent, KeepsWhatIsUsed):
    """A ticket type is kept while somebody waits for it, and while a list or a question is for it alone.

    Deleting it would delete the waitlist entries without a mail, and the list or the question would then be for all types.
    """

    def why_kept(self, type_: TicketType) -> str:
        if type_.waitlist.exists():
            return _("Somebody is on the waitlist for %(name)s, so it can’t be deleted.")
        if any(row.types.count() == 1 for rows in (type_.lists, type_.questions) for row in rows.all()):
            return _("A check-in list or a question is for %(name)s alone. Change that first, then delete it.")
        return ""


class ListSet(TypesOfEvent, KeepsWhatIsUsed):
    """Who is inside is known by the scans of a list."""

    def why_kept(self, list_: CheckInList) -> str:
        is_used = list_.scans.exists()
        return _("People were checked in on the list %(name)s, so it can’t be deleted.") if is_used else ""


class PartInline(OfEvent, ScopedInline, admin.StackedInline):
    extra = 0
    formset = TypesOfEvent


class QuotaInline(OfEvent, ScopedInline, admin.TabularInline):
    model, formset = Quota, QuotasOfEvent
    fields = ["name", "size"]

    def get_extra(self, request: HttpRequest, event: Event | None = None, **kwargs: Any) -> int:
        return 0 if event else 1


class TypeInline(PartInline):
    model, formset = TicketType, TypeSet
    fields = [
        ("name", "about"),
        ("price", "tax_rate"),
        "quotas",
        ("needs_approval", "is_hidden", "position"),
        ("sale_from", "sale_until"),
    ]
    filter_horizontal = ["quotas"]


class QuestionInline(PartInline):
    model = Question
    fields = [("text", "kind", "is_required"), "choices", "types", "position"]
    filter_horizontal = ["types"]


class ListInline(PartInline):
    model, formset = CheckInList, ListSet
    fields = [("name", "allows_reentry", "position"), "types", ("opens_at", "closes_at")]
    filter_horizontal = ["types"]


class RoomInline(OfEvent, ScopedInline, admin.TabularInline):
    model, extra = Room, 0
    fields = ["name", "position"]
