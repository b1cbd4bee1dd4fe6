"""An event: its times and rules, quotas, ticket types, questions, check-in lists and rooms on one page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.workplaces import PublishesOnSave, Scoped, ScopedInline, is_superuser
from bookings.events.admin.fields import LocalTimesForm, OfEvent
from bookings.events.models import Capacity, CheckInList, Event, Place, Question, Quota, Room, TicketType
from bookings.events.models.events import RESERVED_SLUGS
from local_times import LocalMomentField
from money_fields import MoneyField
from pages.nav import home_zone


class EventForm(LocalTimesForm):
    def zone(self) -> Any:
        return super().zone() or home_zone()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        begins, ends = found.get("starts_at"), found.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("It has to end after it begins."))
        if found.get("slug") in RESERVED_SLUGS:
            self.add_error("slug", _("This site uses that address itself. Choose another."))
        return found


class TypesOfEvent(BaseInlineFormSet):
    """Rows whose quotas or ticket types are those of the event, prices in its currency, times on its clock."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        event = self.instance
        for name in ("quotas", "types"):
            if name in form.fields:
                field: Any = form.fields[name]
                field.queryset = field.queryset.filter(event=event if event.pk else None)
        if "price" in form.fields:
            form.fields["price"] = MoneyField(event.currency or "USD", label=_("Price"))
        for name in ("sale_from", "sale_until", "opens_at", "closes_at"):
            if name in form.fields and event.hall_id:
                form.fields[name] = LocalMomentField(event.tz, label=form.fields[name].label, required=False)


class QuotasOfEvent(BaseInlineFormSet):
    """A quota that is used is not deleted."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and Place.objects.filter(type__quotas=form.instance).exists():
                raise ValidationError(
                    _("The quota %(name)s is used, so it can’t be deleted.") % {"name": form.instance}
                )


class PartInline(OfEvent, ScopedInline, admin.StackedInline):
    extra = 0
    formset = TypesOfEvent


class QuotaInline(OfEvent, ScopedInline, admin.TabularInline):
    model, formset, extra = Quota, QuotasOfEvent, 0
    fields = ["name", "size"]


class TypeInline(PartInline):
    model = TicketType
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
    model = CheckInList
    fields = [("name", "allows_reentry", "position"), "types", ("opens_at", "closes_at")]
    filter_horizontal = ["types"]


class RoomInline(OfEvent, ScopedInline, admin.TabularInline):
    model, extra = Room, 0
    fields = ["name", "position"]


@admin.register(Event)
class EventAdmin(PublishesOnSave, Scoped, admin.ModelAdmin):
    place, places = "pk", "events"
    form = EventForm
    list_display = ["title", "hall", "starts_at", "state"]
    list_select_related = ["hall"]
    search_fields = ["title", "slug"]
    filter_horizontal = ["organisers", "door_staff"]
    inlines = [QuotaInline, TypeInline, QuestionInline, ListInline, RoomInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    "subtitle",
                    "slug",
                    "hall",
                    "series",
                    ("starts_at", "ends_at"),
                    "about",
                    "organisers",
                    "door_staff",
                ]
            },
        ),
        (
            gettext_lazy("Registrations"),
            {
                "fields": [
                    ("sale_from", "sale_until"),
                    ("most_places", "pay_minutes", "cancel_before"),
                    "policy",
                    "currency",
                    "answers_kept_days",
                ]
            },
        ),
        (gettext_lazy("Waitlist"), {"fields": ["has_waitlist", ("offer_minutes", "gather_minutes")]}),
        (gettext_lazy("While it is on"), {"fields": ["chat_is_open", "quiet_minutes", "day_begins"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, event: Event | None = None) -> bool:
        return is_superuser(request) and event is not None and not event.registrations.exists()

    def get_readonly_fields(self, request: HttpRequest, event: Event | None = None) -> list[str]:
        """Where it is and who works there are the administrators'. Published, it is moved by a verb, which tells attendees."""
        fixed = [] if is_superuser(request) else ["slug", "hall", "organisers", "door_staff", "series"]
        return [*fixed, "currency"] if event is not None and event.registrations.exists() else fixed

    def get_inlines(self, request: HttpRequest, event: Event | None) -> Any:
        """A new event has no quotas yet that its ticket types could name: they are on its page once it is saved."""
        return self.inlines if event else [QuotaInline]

    def save_model(self, request: HttpRequest, event: Event, form: Any, change: bool) -> None:
        """Another time or hall is a move: it has a history, and attendees are told."""
        if not change:
            event.save()
            event.begin("set_up", by=request.user)
            return
        stored = Event.objects.get(pk=event.pk)
        stored.lock()
        move = {name: getattr(event, name) for name in ("starts_at", "ends_at", "hall")}
        others = [
            name
            for name in form.changed_data
            if name in {field.name for field in Event._meta.concrete_fields} - set(move)
        ]
        if others:
            event.save(update_fields=others)
        if any(name in form.changed_data for name in move):
            Event.objects.get(pk=event.pk).move(**move, by=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Of a quota only what was typed is written: places are taken while a form is open."""
        if formset.model is not Quota:
            super().save_formset(request, form, formset, change)
            return
        for quota in formset.save(commit=False):
            if quota.pk:
                quota.save(update_fields=["name", "size"])
            else:
                quota.save()
        for quota in formset.deleted_objects:
            quota.delete()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Places are counted anew where a size or the quotas of a type have changed; who waits is served."""
        super().save_related(request, form, formsets, change)
        event = Event.objects.get(pk=form.instance.pk)
        Capacity.locked(event, timezone.now()).recount()
        event.serve_with(Capacity.locked(event, timezone.now()))
