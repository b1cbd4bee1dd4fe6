"""A dish, and the groups of options that it has; what each option costs with it is on a page of its own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.workplaces import PartAdmin, PublishesOnSave, Scoped, ScopedInline
from tracking.orders.admin.fields import AllergensField, GoesOn, OfShop, SavesChanges, price_field
from tracking.orders.models import Choice, Dish, DishGroup, Shop
from tracking.orders.models.menus import Diet
from whole_numbers import key_of


class DishForm(forms.ModelForm):
    allergens = AllergensField()
    diets = forms.MultipleChoiceField(
        label=_("Diets"), choices=Diet.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "price" in self.fields:
            self.fields["price"] = price_field(self.shop)
        if "stock" in self.fields:
            self.fields[
                "stock"
            ].show_hidden_initial = True  # what was sold since the form was opened is no change of it
        for name in ("section", "station"):
            if name in self.fields:
                field: Any = self.fields[name]
                field.queryset = field.queryset.filter(shop=self.shop)

    @property
    def shop(self) -> Any:
        """That of the dish; of a new one, the shop that was chosen in the form."""
        if self.instance.shop_id:
            return self.instance.shop
        chosen = key_of(str(self.data.get("shop", "")))
        return Shop.objects.filter(pk=chosen).first() if chosen else None


class DishGroupInline(OfShop, ScopedInline, admin.TabularInline):
    place = "dish__shop"
    model = DishGroup
    verbose_name = _("group of options")
    verbose_name_plural = _("Options that one chooses with it. “Change” leads to what each of them costs")
    fields = ["group", "position"]
    extra = 0
    show_change_link = True

    def get_formset(self, request: HttpRequest, dish: Dish | None = None, **options: Any) -> Any:
        formset = super().get_formset(request, dish, **options)
        group: Any = formset.form.base_fields["group"]
        group.queryset = group.queryset.filter(shop=dish.shop if dish else None)
        return formset


@admin.register(Dish)
class DishAdmin(GoesOn, SavesChanges, OfShop, PartAdmin):
    form = DishForm
    fieldsets = [
        (None, {"fields": ["shop", "name", "about", ("price", "tax_rate"), "is_listed"]}),
        (_("On the menu"), {"fields": ["section", "position", "allergens", "diets"]}),
        (_("In the kitchen"), {"fields": ["station", "minutes", ("stock", "portions_a_day"), "is_combo"]}),
    ]
    inlines = [DishGroupInline]
    search_fields = ["name"]

    def get_list_display(self, request: HttpRequest) -> Any:
        return ["name", "shop", "section", "is_listed", "stock"]

    def get_fieldsets(self, request: HttpRequest, dish: Dish | None = None) -> Any:
        """A new dish has no shop yet, and so no section and no station: they are on its page once it is saved."""
        return self.fieldsets if dish else self.fieldsets[:1]

    def get_inlines(self, request: HttpRequest, dish: Dish | None) -> Any:
        return self.inlines if dish else []

    def get_list_select_related(self, request: HttpRequest) -> Any:
        return ["shop", "section"]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A group that a dish gets is offered with all its options, at no charge, until somebody says what they cost."""
        super().save_formset(request, form, formset, change)
        for offered in formset.new_objects:
            Choice.objects.bulk_create(Choice(dish_group=offered, option=each) for each in offered.group.options.all())


class ChoiceForms(BaseInlineFormSet):
    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["price"] = price_field(self.instance.dish.shop)


class ChoiceInline(OfShop, ScopedInline, admin.TabularInline):
    place = "dish_group__dish__shop"
    model = Choice
    formset = ChoiceForms
    fields = ["option", "price", "most"]
    extra = 0

    def get_formset(self, request: HttpRequest, offered: DishGroup | None = None, **options: Any) -> Any:
        formset = super().get_formset(request, offered, **options)
        option: Any = formset.form.base_fields["option"]
        option.queryset = option.queryset.filter(group=offered.group if offered else None)
        return formset


@admin.register(DishGroup)
class DishGroupAdmin(PublishesOnSave, OfShop, Scoped, admin.ModelAdmin):
    """What the options of a group cost with one dish. It is made on the page of the dish."""

    place = "dish__shop"
    fields = readonly_fields = ["dish", "group"]
    inlines = [ChoiceInline]
    list_display = ["dish", "group"]

    def place_of(self, row: DishGroup) -> Any:
        return row.dish.shop

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # it is reached from its dish

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False
