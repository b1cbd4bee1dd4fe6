"""The forms that close a day or a service, and open it again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.restaurants.models import Closure, Restaurant, Service
from verbs.forms import ActionForm


class Close(ActionForm):
    """Close a day, or one service of it."""

    label, tone = pgettext_lazy("verb", "Close"), "bad"
    date = forms.DateField(widget=forms.HiddenInput)
    service = forms.ModelChoiceField(
        Service.objects.none(),
        label=gettext_lazy("What"),
        required=False,
        empty_label=gettext_lazy("The whole day"),
        help_text=gettext_lazy("Guests can’t book then. Bookings that exist stay, and are listed here."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason shown to guests"), max_length=120, required=False, empty_value=""
    )

    def __init__(self, restaurant: Restaurant, day: date, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"date": day}, auto_id="close-%s")
        self.restaurant, self.day = restaurant, day
        self.fields["service"].queryset = restaurant.services.all()

    @property
    def action(self) -> str:
        return close_address(self.restaurant, self.day)

    def do(self, by: Any) -> Closure:
        asked = self.cleaned_data
        return self.restaurant.close(asked["date"], asked["service"], asked["reason"], by=by)

    def done(self, result: Closure) -> str:
        if result.service is None:
            return _("The whole day is closed.")
        return _("%(service)s is closed.") % {"service": result.service.name}


def close_address(restaurant: Restaurant, day: date) -> str:
    """The page on which a day, or a service of it, is closed."""
    return f"{reverse('restaurants:book-close', args=[restaurant.slug])}?date={day}"


class Reopen(ActionForm):
    """Open a closed day or service again: a button alone."""

    label = gettext_lazy("Reopen")
    is_bare = True

    def __init__(self, closure: Closure, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.closure = closure

    @property
    def action(self) -> str:
        return reverse("restaurants:book-reopen", args=[self.closure.restaurant.slug, self.closure.pk])

    def do(self, by: Any) -> Closure:
        self.closure.restaurant.reopen(self.closure)
        return self.closure

    def done(self, result: Closure) -> str:
        if result.service is None:
            return _("The day is open again.")
        return _("%(service)s is open again.") % {"service": result.service.name}
