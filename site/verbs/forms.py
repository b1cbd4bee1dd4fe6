"""Forms that do something: one for each verb of a row, and those that create a row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Self, cast

from django import forms
from django.forms import BoundField
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from verbs.models import Tracked
from verbs.refusals import Refused

Words = str | Promise


class Alternative(NamedTuple):
    """What can be done instead of what was refused: a button that posts the form again with this value."""

    name: str
    value: str
    label: Words


class ActionForm(forms.Form):
    """A form that does one thing when it is valid. ``action`` is the address that it is posted to."""

    label: Words = ""  # the heading, and the words on the button if there are no others
    button: Words = ""
    tone: ClassVar[str] = ""  # a class of the button: "first" for the most likely one, "bad" for what ends something
    done_text: ClassVar[Words] = ""  # what was done, as a sentence: it may name what words() returns
    alternatives: Sequence[Alternative] = ()

    @property
    def action(self) -> str:
        raise NotImplementedError(f"{type(self).__name__} needs action")

    def do(self, by: Any) -> Any:
        """Do it, and return what the view should show. Raises Refused, with nothing done."""
        raise NotImplementedError(f"{type(self).__name__} needs do()")

    def done(self, result: Any) -> str:
        """What was done, as a sentence. ``result`` is what ``do`` returned."""
        return str(self.done_text or _("Done: %(what)s.")) % self.words(result)

    def words(self, result: Any) -> dict[str, Any]:
        """What ``done_text`` may name."""
        return {"what": self.label, "name": getattr(result, "display_name", "")}

    @property
    def inputs(self) -> list[BoundField]:
        """The fields to fill in."""
        return self.visible_fields()

    def refuse(self, refusal: Refused) -> None:
        """Show why it was refused. Override it to set ``alternatives``."""
        self.add_error(None, str(refusal))

    def again(self) -> Self:
        """The form to show after a refusal, with what was typed."""
        return self


class VerbForm(ActionForm):
    """One verb of a row. ``seen`` is the revision that was shown to the person who fills it in."""

    verb: ClassVar[str] = ""
    folds: ClassVar[bool] = False  # shown as a heading that opens
    button_field: ClassVar[str] = ""  # a field of choices that is shown as one button for each choice
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, instance: Any, data: Mapping[str, Any] | None = None) -> None:
        self.instance = instance
        initial = {"seen": instance.revision, **self.start()}
        super().__init__(data, initial=initial, auto_id=f"{self.verb}-%s")

    def start(self) -> dict[str, Any]:
        """The initial values of its fields."""
        return {}

    @classmethod
    def suits(cls, instance: Any) -> bool:
        """Whether it makes sense now, for a verb that is legal."""
        return True

    @property
    def slug(self) -> str:
        """The verb as addresses spell it."""
        return self.verb.replace("_", "-")

    @property
    def is_bare(self) -> bool:
        """Whether it is a button alone."""
        return not self.visible_fields()

    @property
    def is_open(self) -> bool:
        """Whether one that folds is open."""
        return self.is_bound

    @property
    def inputs(self) -> list[BoundField]:
        """The visible fields that are not shown as buttons."""
        return [field for field in self.visible_fields() if field.name != self.button_field]

    @property
    def buttons(self) -> list[tuple[str, Words]]:
        """The choices of ``button_field`` as values and labels."""
        field: Any = self.fields.get(self.button_field)
        return [(str(value), label) for value, label in field.choices if value != ""] if field else []

    @property
    def button_label(self) -> Words:
        """The words before the buttons."""
        return self.fields[self.button_field].label or ""

    def arguments(self) -> dict[str, Any]:
        """What the verb is called with."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def do(self, by: Any) -> Any:
        """Call the verb, and return the row."""
        return getattr(self.instance, self.verb)(**self.arguments(), by=by, seen=self.cleaned_data["seen"])

    def again(self) -> Self:
        """The same form for the row as it is now, with what was typed, so that it can be sent again."""
        self.instance.refresh_from_db()
        data = cast(Any, self.data).copy()
        data["seen"] = self.instance.revision
        fresh = type(self)(self.instance, data)
        fresh.full_clean()
        return fresh


FormsByVerb = Mapping[str, type[VerbForm]]


def by_verb(forms: Iterable[type[VerbForm]]) -> FormsByVerb:
    """The forms by the verbs that they are for, in this order."""
    return {form.verb: form for form in forms}


def form_of(forms: FormsByVerb, slug: str, instance: Tracked, data: Mapping[str, Any] | None = None) -> VerbForm:
    """The form of the verb that an address names. Raises Http404 if there is none."""
    form = forms.get(slug.replace("-", "_"))
    if form is None:
        raise Http404(f"No verb {slug}")
    return form(instance, data)


def forms_for(instance: Tracked, forms: FormsByVerb, asked: ActionForm | None = None) -> list[VerbForm]:
    """A form for each verb that is legal and makes sense now; ``asked`` stands in for its own, as it was filled in."""
    return [
        asked if isinstance(asked, VerbForm) and asked.verb == verb else form(instance)
        for verb, form in forms.items()
        if instance.is_legal(verb) and form.suits(instance)
    ]
