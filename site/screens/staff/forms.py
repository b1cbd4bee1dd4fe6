"""Forms of the staff who manage screens."""

from copy import copy
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from screens.models import Message, Pairing, Screen, Severity, State
from verbs.forms import ActionForm, VerbForm, by_verb

RESERVED = {"new", "messages", "code", "start", "worker"}  # addresses below /kiosk/ and /screens/


class LanguagesField(forms.CharField):
    """Codes in the order in which they take turns: ``en, de``."""

    def __init__(self, **options: Any) -> None:
        known = ", ".join(code for code, _name in settings.LANGUAGES)
        help_text = gettext_lazy("In the order in which they take turns, of these: {known}")
        super().__init__(
            label=gettext_lazy("Languages"), max_length=40, initial="en", help_text=format_lazy(help_text, known=known)
        )

    def clean(self, value: Any) -> str:
        codes = super().clean(value).lower().replace(",", " ").split()
        for code in codes:
            if code not in dict(settings.LANGUAGES):
                raise forms.ValidationError(_("There is no language %(code)s here.") % {"code": code})
        if not codes:
            raise forms.ValidationError(_("A screen has one language at least."))
        return ",".join(dict.fromkeys(codes))


class ScreenFields(forms.ModelForm):  # type: ignore[type-arg]
    """What is set up of a screen."""

    languages = LanguagesField()

    class Meta:
        model = Screen
        fields = ["name", "place", "zone", "orientation", "inches", "distance", "languages", "theme", "contact"]


class NewScreen(ScreenFields):
    class Meta(ScreenFields.Meta):
        fields = ["name", "slug", *ScreenFields.Meta.fields[1:]]
        help_texts = {"slug": gettext_lazy("Lower case, such as hall-1. It never changes: /kiosk/hall-1/")}

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].lower()
        if slug in RESERVED or Screen.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("This address is taken."))
        return slug


class ScreenVerb(VerbForm):
    @property
    def action(self) -> str:
        return reverse("screens:act", args=[self.instance.slug, self.slug])


class Pair(ScreenVerb):
    verb, label, button, tone = "pair", gettext_lazy("Pair with a device"), gettext_lazy("Pair"), "first"
    done_text = gettext_lazy("Paired. The device loads its board now.")
    code = forms.CharField(
        label=gettext_lazy("Code on the screen"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, instance: Screen, data: Any = None) -> None:
        super().__init__(instance, data)
        address = {"address": reverse("screens:pair")}
        self.fields["code"].help_text = _("Open %(address)s on the device: it shows the code.") % address

    def do(self, by: Any) -> Screen:
        screen: Screen = self.instance
        Pairing.objects.typed(self.cleaned_data["code"], screen, by)
        screen.refresh_from_db()
        return screen


class Reload(ScreenVerb):
    verb, label = "reload", gettext_lazy("Reload")
    done_text = gettext_lazy("%(name)s loads its page again soon, between two pages of its board.")


class Revoke(ScreenVerb):
    verb, label, tone = "revoke", gettext_lazy("Revoke its key"), "bad"
    done_text = gettext_lazy("The key of %(name)s is worth nothing any more. The device shows a new code.")


class Change(ScreenVerb):
    """Its set-up: the fields of ScreenFields."""

    verb, label, button, folds = "change", gettext_lazy("Set-up"), gettext_lazy("Save"), True
    done_text = gettext_lazy("Saved. %(name)s loads its page again soon, between two pages of its board.")

    def __init__(self, instance: Screen, data: Any = None) -> None:
        super().__init__(instance, data)
        for name, field in ScreenFields(instance=instance).fields.items():
            field.initial = getattr(instance, name)
            self.fields[name] = field
        self.fields["languages"].initial = instance.languages.replace(",", ", ")

    def clean(self) -> None:
        """The rules of the model, on a copy: the row itself is changed by its verb."""
        wanted = ScreenFields(self.data, instance=copy(self.instance))
        for name, errors in wanted.errors.items():
            if name not in self.errors:
                self.add_error(name, errors)

    def do(self, by: Any) -> Any:
        screen = super().do(by)
        if screen.state == State.PAIRED:
            screen.reload(by=by)
        return screen


FORMS = by_verb([Pair, Reload, Change, Revoke])


# What it shows when


class HoursFields(forms.Form):
    begins = forms.TimeField(
        label=gettext_lazy("From"),
        initial="00:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("By the airport’s clock, each day, until the next time in the list."),
    )


# Emergency messages

LASTS = (15, 30, 60, 120, 240, 480, 1440)  # minutes


def duration_choices() -> list[tuple[int, str]]:
    return [
        (minutes, _("%(minutes)s minutes") % {"minutes": minutes} if minutes < 60 else hours_words(minutes // 60))
        for minutes in LASTS
    ]


def hours_words(hours: int) -> str:
    return _("1 hour") if hours == 1 else _("%(hours)s hours") % {"hours": hours}


class Lasts(forms.TypedChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(label=gettext_lazy("Ends after"), coerce=int, choices=duration_choices, initial=60, **options)


class NewMessage(ActionForm):
    """A message to all screens or to those of a zone. It is shown what it will do before it is sent."""

    text = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Short, and what people should do: “Leave the hall by the nearest exit.”"),
    )
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), choices=Severity, initial=Severity.SEVERE)
    zone = forms.ChoiceField(label=gettext_lazy("Screens"), required=False)
    lasts = Lasts()

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        zones = Screen.objects.exclude(zone="").order_by("zone").values_list("zone", flat=True).distinct()
        field: Any = self.fields["zone"]
        field.choices = [("", _("All screens")), *((zone, zone) for zone in zones)]
        for code, _name in settings.LANGUAGES:
            if code != settings.LANGUAGE_CODE:
                language = get_language_info(code)["name_translated"]
                self.fields[f"text_{code}"] = forms.CharField(
                    label=_("The same in %(language)s (optional)") % {"language": language},
                    max_length=200,
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
                )

    @property
    def screens(self) -> int:
        """How many screens it takes over."""
        return Message.objects.screens_of(self.cleaned_data["zone"]).count()

    def do(self, by: Any) -> Message:
        said = self.cleaned_data
        translations = {code: said[f"text_{code}"] for code, _name in settings.LANGUAGES if said.get(f"text_{code}")}
        lasts = timedelta(minutes=said["lasts"])
        words = {name: said[name] for name in ("text", "severity", "zone")}
        return Message.objects.send(by, lasts, translations=translations, **words)


class End(forms.Form):
    """Names the message by its key."""

    message = forms.ModelChoiceField(Message.objects.all())


class Extend(End):
    lasts = Lasts()
