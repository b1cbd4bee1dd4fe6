from functools import partial

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

import urls
from tests.verbs.parcels.models import Parcel
from verbs.forms import ActionForm, Alternative, VerbForm, by_verb, form_of
from verbs.timeline import Timeline
from verbs.views import act, answer, for_role, panel_context


class ParcelForm(VerbForm):
    @property
    def action(self):
        return reverse("parcel-change", args=[self.instance.pk, self.slug])


class Send(ParcelForm):
    verb, label, tone = "send", "Send", "first"


class Lose(ParcelForm):
    verb, label, tone = "lose", "Lost", "bad"
    done_text = "%(name)s is lost."

    @classmethod
    def suits(cls, parcel):
        return parcel.note != "do not lose"


class Annotate(ParcelForm):
    verb, label = "annotate", "Note"
    button = "Save"
    note = forms.CharField(label="Words", max_length=20)

    def start(self):
        return {"note": self.instance.note}


class Weigh(ParcelForm):
    verb, label, button_field = "weigh", "Weight", "grams"
    grams = forms.TypedChoiceField(choices=[(100, "100 g"), (5000, "5 kg")], coerce=int)


class StampAndWeigh(ParcelForm):
    verb, label, folds = "stamp_and_weigh", "Stamp", True
    text = forms.CharField(label="Text", max_length=20)
    grams = forms.IntegerField(label="Grams")

    def refuse(self, refusal):
        super().refuse(refusal)
        self.alternatives = [Alternative("grams", "1000", "1 kg")]


FORMS = by_verb([Send, Lose, Annotate, Weigh, StampAndWeigh])


class Register(ActionForm):
    label = "Register"
    note = forms.CharField(label="Words")

    action = "/parcels/new/"

    def do(self, by):
        return Parcel.objects.register(self.cleaned_data["note"], by=by)

    def done(self, parcel):
        return f"{parcel} was registered."


def clerks(user, **captured):
    if not user.first_name == "Bob":
        raise Http404
    return captured


@require_safe
@for_role(clerks)
def parcel(request, pk):
    return panel(request, get_object_or_404(Parcel, pk=pk))


@require_POST
@for_role(clerks)
def change(request, pk, verb):
    parcel = get_object_or_404(Parcel, pk=pk)
    form = form_of(FORMS, verb, parcel, request.POST)
    return act(request, form, partial(panel, request, parcel), done_url=f"/parcels/{pk}/")


@require_POST
@for_role(clerks)
def register(request):
    def form_panel(form, status=200, **context):
        return answer(request, "parcels/_register.html", "parcels/page.html", {"form": form, **context}, status)

    return act(
        request,
        Register(request.POST),
        form_panel,
        done_url=lambda parcel: f"/parcels/{parcel.pk}/",
        done_panel=lambda parcel, **context: panel(request, parcel, **context),
    )


def panel(request, parcel, asked=None, status=200, since=None, done=""):
    parcel.refresh_from_db()
    timeline = Timeline(parcel)
    context = {"parcel": parcel, "steps": timeline.steps()}
    context |= panel_context(parcel, FORMS, timeline, asked, since, done)
    return answer(request, "parcels/_parcel.html", "parcels/page.html", context, status)


urlpatterns = [
    path("parcels/new/", register),
    path("parcels/<int:pk>/", parcel),
    path("parcels/<int:pk>/<slug:verb>/", change, name="parcel-change"),
    *urls.urlpatterns,
]
