"""An event: its times and rules, quotas, ticket types, questions, check-in lists and rooms on one page."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.workplaces import CLOCKS, PublishesOnSave, Scoped, is_superuser
from bookings.events.admin.fields import LocalTimesForm
from bookings.events.admin.parts import ListInline, QuestionInline, QuotaInline, RoomInline, TypeInline
from bookings.events.models import Capacity, Event, EventState, Hall, Quota
from bookings.events.models.events import RESERVED_SLUGS
from clocks import when
from money import EXPONENTS
from pages.nav import home_zone
from verbs.refusals import Refused

MOVED = ("starts_at", "ends_at", "hall")  # what the verb "move" changes


class EventForm(LocalTimesForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in MOVED:
            if name in self.fields and self.instance.state == EventState.CANCELLED:
                self.fields[name].disabled = True

    def zone(self) -> Any:
        """That of its hall, of a new event the one that was chosen."""
        chosen = str(self.data.get("hall", ""))
        hall = Hall.objects.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 18 else None
        return super().zone() or (hall.tz if hall else home_zone())

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if currency not in EXPONENTS:
            raise ValidationError(_("Write the three letters of a currency, such as USD."))
        return currency

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        begins, ends = found.get("starts_at"), found.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("It has to end after it begins."))
        sale, until = found.get("sale_from"), found.get("sale_until")
        if sale and until and until <= sale:
            self.add_error("sale_until", _("It has to end after it begins."))
        if found.get("slug") in RESERVED_SLUGS:
            self.add_error("slug", _("This site uses that address itself. Choose another."))
        return found


@admin.register(Event)
class EventAdmin(PublishesOnSave, Scoped, admin.ModelAdmin):
    place, places = "pk", "events"
    form = EventForm
    formfield_overrides = CLOCKS
    actions = ["make_copies"]
    list_display = ["title", "hall", "begins", "state"]
    list_select_related = ["hall__airport"]
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

    @admin.display(description=gettext_lazy("begins"), ordering="starts_at")
    def begins(self, event: Event) -> str:
        """On the clock of its airport."""
        return when(event.starts_at, event.tz)

    @admin.action(description=gettext_lazy("Copy as a draft, a week later"), permissions=["add"])
    def make_copies(self, request: HttpRequest, events: Any) -> None:
        made = [event.copy_a_week_later() for event in events.select_related("hall__airport")]
        titles = ", ".join(f"{event} ({when(event.starts_at, event.tz)})" for event in made)
        messages.success(
            request, _("Drafts were made: %(titles)s. Change their time and address.") % {"titles": titles}
        )

    def get_prepopulated_fields(self, request: HttpRequest, event: Event | None = None) -> Any:
        return {} if event else {"slug": ["title"]}

    def get_fieldsets(self, request: HttpRequest, event: Event | None = None) -> Any:
        head, *others = self.fieldsets
        return [(head[0], {**head[1], "description": self.what_next(event)}), *others]

    def what_next(self, event: Event | None) -> str:
        if event is None:
            return _(
                "Write its quotas as well, such as Hall: 120 places. Ticket types and questions come once it is saved."
            )
        if event.state == EventState.DRAFT:
            return _("This is a draft. “View on site” leads to its organisers’ pages: publish it there, at Places.")
        if event.state == EventState.CANCELLED:
            return _("This event is cancelled: its times and its hall stay as they are.")
        return ""

    def response_add(self, request: HttpRequest, event: Event, post_url_continue: Any = None) -> Any:
        """What is set up next is on the event's own page."""
        if "_addanother" not in request.POST and IS_POPUP_VAR not in request.POST:
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
        return super().response_add(request, event, post_url_continue)

    def view_on_site(self, event: Event) -> str:
        """A draft has no page that everybody sees."""
        return reverse("events:guests", args=[event.slug])

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, event: Event | None = None) -> bool:
        """An event with registrations or a waitlist is cancelled instead: cancelling tells these people."""
        if not is_superuser(request) or event is None:
            return False
        return not event.registrations.exists() and not event.waitlist.exists()

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
        move = {name: getattr(event, name) for name in MOVED}
        others = [
            name
            for name in form.changed_data
            if name in {field.name for field in Event._meta.concrete_fields} - set(move)
        ]
        if others:
            event.save(update_fields=others)
        if any(name in form.changed_data for name in move):
            try:
                Event.objects.get(pk=event.pk).move(**move, by=request.user)
            except Refused as refusal:  # it was cancelled this moment
                messages.error(request, str(refusal))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Of a quota only what was typed is written: places are taken while a form is open. Sizes come last."""
        if formset.model is not Quota:
            super().save_formset(request, form, formset, change)
            return
        for quota in formset.save(commit=False):
            if quota.pk:
                quota.save(update_fields=["name"])
            else:
                quota.save()
        for quota in formset.deleted_objects:
            quota.delete()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Places are counted anew where the quotas of a type have changed; another size is a verb, and who waits is served."""
        super().save_related(request, form, formsets, change)
        event = Event.objects.get(pk=form.instance.pk)
        Capacity.locked(event, timezone.now()).recount()
        for formset in formsets:
            changed = formset.changed_objects if formset.model is Quota else []
            for quota in [quota for quota, names in changed if "size" in names]:
                event.resize(quota, quota.size, by=request.user)
        event.serve_with(Capacity.locked(event, timezone.now()))
