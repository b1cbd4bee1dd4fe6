"""Forms of who makes and owns embeds."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from embeds.models import Embed
from embeds.origins import invalid_origins, valid_origins
from verbs.forms import VerbForm

MOST_SITES = 50


class SitesField(forms.CharField):
    """The sites that may show a widget: one origin a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=gettext_lazy("Sites that may show it"),
            help_text=gettext_lazy("One address a line, such as https://hotel.example. Empty: any site."),
            widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
            max_length=4000,
            required=False,
            **options,
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if wrong := invalid_origins(text):
            words = {"line": wrong[0]}
            raise forms.ValidationError(_("“%(line)s” is not an origin. Write https://hotel.example") % words)
        sites = valid_origins(text)
        if len(sites) > MOST_SITES:
            raise forms.ValidationError(_("These are more than %(most)s sites.") % {"most": MOST_SITES})
        return "\n".join(sites)


class LookForm(forms.Form):
    """How a widget looks. What is left as it is, does not stand in the snippet."""

    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        choices=[
            ("", gettext_lazy("As the reader’s device")),
            ("light", gettext_lazy("Light")),
            ("dark", gettext_lazy("Dark")),
        ],
        required=False,
    )
    accent = forms.RegexField(
        label=gettext_lazy("Accent colour"), regex=r"^#?[0-9a-fA-F]{6}$", required=False, help_text="#0a7d55"
    )
    density = forms.ChoiceField(
        label=gettext_lazy("Density"),
        choices=[("", gettext_lazy("Comfortable")), ("compact", gettext_lazy("Compact"))],
        required=False,
    )
    lang = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["lang"]
        field.choices = [("", _("As the page around it")), *languages]

    @property
    def attributes(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class EmbedForm(forms.Form):
    """Makes an embed with a key and a list of sites."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, help_text=gettext_lazy("For you, to find it again: the site, say.")
    )
    sites = SitesField()

    def __init__(self, *args: Any, is_private: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_private:
            self.fields["sites"].required = True
            self.fields["sites"].help_text = _(
                "One address a line, such as https://hotel.example. No other site can show it."
            )


class Change(VerbForm):
    verb, label, button = "change", gettext_lazy("Name and sites"), gettext_lazy("Save")
    done_text = gettext_lazy("Saved. Open widgets follow when they are loaded again.")
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    sites = SitesField()

    def __init__(self, instance: Embed, data: Any = None) -> None:
        super().__init__(instance, data)
        self.fields["sites"].required = bool(instance.kind and instance.kind.is_private)

    def start(self) -> dict[str, Any]:
        return {"name": self.instance.name, "sites": self.instance.sites}

    @property
    def action(self) -> str:
        return reverse("embeds:act", args=[self.instance.pk, self.slug])


class Revoke(VerbForm):
    verb, label, tone = "revoke", gettext_lazy("Withdraw"), "bad"
    done_text = gettext_lazy("“%(name)s” was withdrawn. Open widgets say so at once.")

    @property
    def action(self) -> str:
        return reverse("embeds:act", args=[self.instance.pk, self.slug])
