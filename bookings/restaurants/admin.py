"""How a restaurant is set up: rooms and tables, joins, services and closures. Its book is to look at: only verbs change it."""

from datetime import timedelta
from itertools import combinations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.restaurants.models import (
    Area,
    Closure,
    Join,
    Reservation,
    ReservationChange,
    Restaurant,
    Service,
    Table,
    TurnTime,
)
from bookings.restaurants.models.states import ENDED

SPARE = 2  # guests more than its tables take for themselves that a join seats, at its ends


def upcoming(table):
    """The reservations that will be, or are, at a table."""
    return table.reservations.exclude(state__in=ENDED).filter(ends_at__gt=timezone.now()).order_by("starts_at")


class StaffScopedAdmin:
    """Who works for restaurants sees theirs, and what belongs to them; who has all rights sees all."""

    restaurant = "restaurant"  # the way to it from the model

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.restaurant}__in": request.user.restaurants.all()})

    def has_module_permission(self, request):
        return is_venue_staff(request.user)

    def has_view_permission(self, request, row=None):
        return is_venue_staff(request.user)

    def has_change_permission(self, request, row=None):
        return is_venue_staff(request.user)


class StaffScopedInline(StaffScopedAdmin):
    def has_add_permission(self, request, row=None):
        return is_venue_staff(request.user)

    def has_delete_permission(self, request, row=None):
        return is_venue_staff(request.user)


def is_venue_staff(user):
    return user.is_active and user.is_staff and (user.is_superuser or user.restaurants.exists())


class PublishesOnSave:
    """Saving it tells all pages that show the restaurant."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        restaurant_of(form.instance).changed()

    def delete_model(self, request, row):
        restaurant = restaurant_of(row)
        super().delete_model(request, row)
        restaurant.changed()


def restaurant_of(row):
    return row if isinstance(row, Restaurant) else row.restaurant


# The admin's own fields offer the browser's "Now" and "Today"; these know no clock but what is typed.
CLOCKS = {
    models.TimeField: {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")},
    models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
}


class AreaForms(BaseInlineFormSet):
    """Areas of a restaurant: none gets too small for what stands there."""

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            if not form.errors and (outside := off_plan(form.instance, form.instance.tables.all())):
                form.add_error("width", is_outside(outside, form.instance))


def off_plan(area, tables):
    """The first of the tables that the plan has no room for, None if there is none."""
    return next((table for table in tables if not table.is_on_plan(area)), None)


def is_outside(table, area):
    words = {"table": table.name, "width": area.width, "height": area.height}
    return _("Table %(table)s would stand outside of the plan, which is %(width)s × %(height)s.") % words


class AreaInline(StaffScopedInline, admin.TabularInline):
    model = Area
    formset = AreaForms
    fields = ["name", "order", "width", "height"]
    extra = 0
    show_change_link = True

    def has_delete_permission(self, request, row=None):
        return False  # its tables would go with it, unseen; its own page shows them


class JoinForms(BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        tables = Table.objects.filter(area__restaurant=self.instance.pk).select_related("area")
        form.fields["tables"].queryset = tables


class JoinForm(forms.ModelForm):
    def clean(self):
        found = super().clean()
        tables, minimum, maximum = list(found.get("tables") or ()), found.get("min_covers"), found.get("max_covers")
        if tables and len(tables) < 2:
            self.add_error("tables", _("Choose at least two tables."))
        if len({table.area_id for table in tables}) > 1:
            self.add_error("tables", _("Tables of different areas can’t be put together."))
        if minimum and maximum and minimum > maximum:
            self.add_error("min_covers", _("The minimum is larger than the maximum."))
        if tables and maximum and maximum > (seats := sum(table.max_covers for table in tables) + SPARE):
            self.add_error("max_covers", _("These tables take %(seats)s guests at most.") % {"seats": seats})
        return found


class JoinInline(StaffScopedInline, admin.TabularInline):
    model = Join
    form, formset = JoinForm, JoinForms
    fields = ["tables", "min_covers", "max_covers"]
    extra = 0


class ServiceForms(BaseInlineFormSet):
    def clean(self):
        super().clean()
        if not any(self.errors):
            kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
            check_services(self.instance, [form.instance for form in kept if form not in self.deleted_forms])


class ServiceForm(forms.ModelForm):
    """One service on a page of its own."""

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            restaurant = self.instance.restaurant
            try:
                check_services(restaurant, [self.instance, *restaurant.services.exclude(pk=self.instance.pk)])
            except ValidationError as refusal:
                self.add_error(None, refusal)


def check_services(restaurant, services):
    """Refuses a pace that keeps out parties who may book, and services that are on at once: whose a time is, nobody could say."""
    for service in services:
        if 0 < service.pace_online < restaurant.max_party_online:
            words = {"service": service.name, "pace": service.pace_online, "most": restaurant.max_party_online}
            raise ValidationError(
                _("%(service)s takes %(pace)s guests a quarter online: parties of up to %(most)s would find no time.")
                % words
            )
    for one, other in combinations(services, 2):
        if day := one.clash(other):
            words = {"one": one.name, "other": other.name, "weekday": date_format(day, "l")}
            raise ValidationError(
                _("%(one)s and %(other)s overlap on %(weekday)s. Let one end before the other begins.") % words
            )


class ServiceInline(StaffScopedInline, admin.TabularInline):
    model = Service
    formset = ServiceForms
    formfield_overrides = CLOCKS
    fields = ["name", "weekdays", "begins", "last", "ends", "pace_online", "pace", "since", "until"]
    extra = 0
    show_change_link = True


class ClosureForms(BaseInlineFormSet):
    """Closures: each day, and each service of a day, once."""

    def clean(self):
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms and form.is_valid()]
        closed = [(one["day"], one["service"]) for one in kept if one]
        if len(set(closed)) < len(closed):
            raise ValidationError(_("The same day is closed twice. Delete one of the two."))

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["service"].queryset = Service.objects.filter(restaurant=self.instance.pk)


class ClosureInline(StaffScopedInline, admin.TabularInline):
    model = Closure
    formset = ClosureForms
    formfield_overrides = CLOCKS
    fields = ["day", "service", "reason"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).filter(day__gte=timezone.localdate() - timedelta(days=1))


@admin.register(Restaurant)
class RestaurantAdmin(PublishesOnSave, StaffScopedAdmin, admin.ModelAdmin):
    restaurant = "pk"
    list_display = ["name", "airport", "where", "kitchen"]
    list_select_related = ["airport"]
    search_fields = ["name", "slug"]
    filter_horizontal = ["staff"]
    inlines = [AreaInline, JoinInline, ServiceInline, ClosureInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "airport", "where", "kitchen", "about", "phone", "staff"]}),
        (
            gettext_lazy("Rules"),
            {"fields": ["days_ahead", "notice", "max_party_online", "cancel_before", "grace", "policy"]},
        ),
        (gettext_lazy("On other sites"), {"fields": ["embedded_by"]}),
    ]

    def get_readonly_fields(self, request, restaurant=None):
        return [] if request.user.is_superuser else ["slug", "airport", "staff"]


class TableForms(BaseInlineFormSet):
    """Tables of an area: none goes, closes or shrinks while somebody is booked at it, or while it is joined."""

    def clean(self):
        super().clean()
        if any(self.errors) or not self.instance.restaurant_id:
            return
        if self.instance.pk:
            self.instance.restaurant.lock()  # nobody is booked there while it is decided
        for form in self.initial_forms:
            self.check_booked(form)
            self.check_joined(form)
        self.check_plan([form.instance for form in self.forms if form not in self.deleted_forms])

    def check_booked(self, form):
        table, maximum = form.instance, form.cleaned_data["max_covers"]
        if form in self.deleted_forms or not form.cleaned_data["is_open"]:
            booked = list(upcoming(table))
        else:
            booked = [one for one in upcoming(table) if one.party > maximum and one.tables.count() == 1]
        if booked:
            words = {"table": table.name, "n": len(booked), "first": booked[0].reference}
            raise ValidationError(
                _("Table %(table)s is booked %(n)s times, first by %(first)s. Move those parties first.") % words
            )

    def check_joined(self, form):
        now = {other.instance.pk: other.instance for other in self.initial_forms}
        for join in form.instance.joins.prefetch_related("tables"):
            seats = sum(now.get(table.pk, table).max_covers for table in join.tables.all())
            if form in self.deleted_forms or join.max_covers > seats + SPARE:
                words = {"table": form.instance.name, "join": join, "most": join.max_covers}
                raise ValidationError(
                    _("Table %(table)s is part of %(join)s, for up to %(most)s. Change that join first.") % words
                )

    def check_plan(self, tables):
        if outside := off_plan(self.instance, tables):
            raise ValidationError(is_outside(outside, self.instance))
        elsewhere = Table.objects.filter(area__restaurant=self.instance.restaurant).exclude(area=self.instance.pk)
        if twice := elsewhere.filter(name__in=[table.name for table in tables]).first():
            words = {"table": twice.name, "area": twice.area}
            raise ValidationError(_("There is a table %(table)s in %(area)s already. Choose another name.") % words)


class TableInline(StaffScopedInline, admin.TabularInline):
    restaurant = "area__restaurant"
    model = Table
    formset = TableForms
    fields = ["name", "min_covers", "max_covers", "use", "shape", "x", "y", "width", "height", "server", "is_open"]
    formfield_overrides = {  # narrow: a table is one line
        models.CharField: {"widget": forms.TextInput(attrs={"size": 7})},
        models.PositiveSmallIntegerField: {"widget": forms.TextInput(attrs={"size": 3, "inputmode": "numeric"})},
    }
    extra = 0


class PartAdmin(PublishesOnSave, StaffScopedAdmin, admin.ModelAdmin):
    """A part of a restaurant that has a page of its own."""

    list_display = ["name", "restaurant"]
    list_filter = [("restaurant", admin.RelatedOnlyFieldListFilter)]

    def has_add_permission(self, request):
        return is_venue_staff(request.user)

    def has_delete_permission(self, request, row=None):
        return is_venue_staff(request.user)

    def get_actions(self, request):
        return {}  # deleting many at once would ask none of the questions that deleting one does

    def get_readonly_fields(self, request, row=None):
        return ["restaurant"] if row else []

    def formfield_for_foreignkey(self, field, request, **kwargs):
        if field.name == "restaurant" and not request.user.is_superuser:
            kwargs["queryset"] = request.user.restaurants.all()
        return super().formfield_for_foreignkey(field, request, **kwargs)


@admin.register(Area)
class AreaAdmin(PartAdmin):
    fields = ["restaurant", "name", "order", ("width", "height")]
    inlines = [TableInline]

    def has_delete_permission(self, request, area=None):
        booked = area and any(upcoming(table).exists() for table in area.tables.all())
        return is_venue_staff(request.user) and not booked

    def delete_model(self, request, area):
        super().delete_model(request, area)
        area.restaurant.joins.filter(tables=None).delete()


class TurnTimeInline(StaffScopedInline, admin.TabularInline):
    restaurant = "service__restaurant"
    model = TurnTime
    fields = ["party", "minutes"]
    extra = 0


@admin.register(Service)
class ServiceAdmin(PartAdmin):
    form = ServiceForm
    formfield_overrides = CLOCKS
    fields = [
        "restaurant",
        "name",
        "weekdays",
        ("begins", "last", "ends"),
        ("pace_online", "pace"),
        ("since", "until"),
    ]
    inlines = [TurnTimeInline]


class HistoryInline(admin.TabularInline):
    model = ReservationChange
    verbose_name_plural = gettext_lazy("History")
    fields = readonly_fields = ["at", "verb", "label", "was", "now", "by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")

    def has_view_permission(self, request, change=None):
        return is_venue_staff(request.user)


@admin.register(Reservation)
class ReservationAdmin(StaffScopedAdmin, admin.ModelAdmin):
    """To look at only: reservations are changed by verbs, in the restaurant's book."""

    fields = [
        ("restaurant", "reference", "state"),
        ("day", "starts_at", "ends_at"),
        ("party", "tables", "service"),
        ("name", "email", "phone"),
        ("notes", "allergies"),
        "policy",
        "cancel_until",
    ]
    inlines = [HistoryInline]
    list_display = ["reference", "restaurant", "day", "starts_at", "party", "name", "state"]
    list_filter = ["state", ("restaurant", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["restaurant"]
    date_hierarchy = "day"
    ordering = ["-first"]
    search_fields = ["reference", "name", "email", "phone"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, reservation=None):
        return False

    def has_delete_permission(self, request, reservation=None):
        return False
