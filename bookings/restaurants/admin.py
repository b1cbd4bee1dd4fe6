"""How a restaurant is set up: rooms and tables, joins, services and closures. Its book is to look at: only verbs change it."""

from datetime import timedelta

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
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
from bookings.restaurants.models.reservations import ENDED

SPARE = 2  # guests more than its tables take for themselves that a join seats, at its ends


def upcoming(table):
    """The reservations that will be, or are, at a table."""
    return table.reservations.exclude(state__in=ENDED).filter(ends_at__gt=timezone.now()).order_by("starts_at")


class OfTheirRestaurants:
    """Who works for restaurants sees theirs, and what belongs to them; who has all rights sees all."""

    restaurant = "restaurant"  # the way to it from the model

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.restaurant}__in": request.user.restaurants.all()})

    def has_module_permission(self, request):
        return works(request.user)

    def has_view_permission(self, request, row=None):
        return works(request.user)

    def has_change_permission(self, request, row=None):
        return works(request.user)


class OfTheirRestaurantsInline(OfTheirRestaurants):
    def has_add_permission(self, request, row=None):
        return works(request.user)

    def has_delete_permission(self, request, row=None):
        return works(request.user)


def works(user):
    return user.is_active and user.is_staff and (user.is_superuser or user.restaurants.exists())


class SaysSo:
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


class AreaInline(OfTheirRestaurantsInline, admin.TabularInline):
    model = Area
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
        tables, fewest, most = list(found.get("tables") or ()), found.get("fewest"), found.get("most")
        if tables and len(tables) < 2:
            self.add_error("tables", _("Choose at least two tables."))
        if len({table.area_id for table in tables}) > 1:
            self.add_error("tables", _("Tables of different areas can’t be put together."))
        if fewest and most and fewest > most:
            self.add_error("fewest", _("That is more than up to how many."))
        if tables and most and most > (seats := sum(table.most for table in tables) + SPARE):
            self.add_error("most", _("These tables take %(seats)s guests at most.") % {"seats": seats})
        return found


class JoinInline(OfTheirRestaurantsInline, admin.TabularInline):
    model = Join
    form, formset = JoinForm, JoinForms
    fields = ["tables", "fewest", "most"]
    extra = 0


class ServiceInline(OfTheirRestaurantsInline, admin.TabularInline):
    model = Service
    fields = ["name", "weekdays", "begins", "last", "ends", "pace_online", "pace", "since", "until"]
    extra = 0
    show_change_link = True


class ClosureForms(BaseInlineFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["service"].queryset = Service.objects.filter(restaurant=self.instance.pk)


class ClosureInline(OfTheirRestaurantsInline, admin.TabularInline):
    model = Closure
    formset = ClosureForms
    fields = ["day", "service", "reason"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).filter(day__gte=timezone.localdate() - timedelta(days=1))


@admin.register(Restaurant)
class RestaurantAdmin(SaysSo, OfTheirRestaurants, admin.ModelAdmin):
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
            {"fields": ["days_ahead", "notice", "most_online", "cancel_before", "grace", "policy"]},
        ),
        (gettext_lazy("On other sites"), {"fields": ["embedded_by"]}),
    ]

    def get_readonly_fields(self, request, restaurant=None):
        return [] if request.user.is_superuser else ["slug", "airport", "staff"]


class TableForms(BaseInlineFormSet):
    """Tables of an area: none goes, closes or shrinks while somebody is booked at it."""

    def clean(self):
        super().clean()
        if self.instance.pk:
            self.instance.restaurant.lock()  # nobody is booked there while it is decided
        for form in self.initial_forms:
            table = form.instance
            if form in self.deleted_forms or not form.cleaned_data.get("is_open", True):
                self.refuse(form, upcoming(table))
            elif most := form.cleaned_data.get("most"):
                self.refuse(form, [one for one in upcoming(table) if one.party > most and one.tables.count() == 1])

    def refuse(self, form, booked):
        if booked := list(booked):
            words = {"table": form.instance.name, "n": len(booked), "first": booked[0].reference}
            raise ValidationError(
                _("Table %(table)s is booked %(n)s times, first by %(first)s. Move those parties first.") % words
            )


class TableInline(OfTheirRestaurantsInline, admin.TabularInline):
    restaurant = "area__restaurant"
    model = Table
    formset = TableForms
    fields = ["name", "fewest", "most", "use", "shape", "x", "y", "width", "height", "server", "is_open"]
    extra = 0


class PartAdmin(SaysSo, OfTheirRestaurants, admin.ModelAdmin):
    """A part of a restaurant that has a page of its own."""

    list_display = ["name", "restaurant"]
    list_filter = [("restaurant", admin.RelatedOnlyFieldListFilter)]

    def has_add_permission(self, request):
        return works(request.user)

    def has_delete_permission(self, request, row=None):
        return works(request.user)

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
        return works(request.user) and not booked


class TurnTimeInline(OfTheirRestaurantsInline, admin.TabularInline):
    restaurant = "service__restaurant"
    model = TurnTime
    fields = ["party", "minutes"]
    extra = 0


@admin.register(Service)
class ServiceAdmin(PartAdmin):
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
    fields = readonly_fields = ["at", "verb", "words", "was", "now", "by"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")

    def has_view_permission(self, request, change=None):
        return works(request.user)


@admin.register(Reservation)
class ReservationAdmin(OfTheirRestaurants, admin.ModelAdmin):
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
