"""Form fields for text that goes into mail to an unconfirmed address, and for how to reach somebody.

``NameField`` is the field of every person's name, the restaurant's staff included: what they type is mailed too. A form
that can't use it takes ``validators=[is_a_name]`` and cleans the text with ``post.text.one_line``. ``your_name``,
``your_email`` and ``your_phone`` are the fields of somebody who books or orders for themselves.
"""

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from post.text import one_line

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What mail programs turn into a link. "St.John" is none, since a domain is all lower case or all upper case; the endings
# that advertisements use are found in any case. A single letter before the dot may be an initial, unless a path follows.
ADDRESS = re.compile(
    r"""
    :// | \bwww\. | @
    | [^\W_]{2,} \. ( [a-z]{2,} | [A-Z]{2,} ) \b
    | [^\W_] \. [^\W\d_]{2,} [/?\#]
    | [^\W_] \. (?i: com | net | org | info | biz | xyz | top | shop | online | site | link | app | io ) \b
    | \b \d{1,3} (\. \d{1,3}){3} \b
    | \b xn--
    """,
    re.VERBOSE,
)
DOTS = str.maketrans("。․‧", "...")  # which browsers and mail programs read as a full stop


class NameField(forms.CharField):
    """A person's name: one line, without web and mail addresses, so that the site's mail carries no advertisements."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        is_a_name(value)


def is_a_name(text: str) -> None:
    """A validator: no web or mail addresses. Wide letters and other dots count as the plain ones."""
    if ADDRESS.search(unicodedata.normalize("NFKC", text).translate(DOTS)):
        raise ValidationError(_("Write a name, without web or mail addresses."))


def your_name(label: "StrOrPromise", help_text: "StrOrPromise" = "", max_length: int = 80) -> NameField:
    widget = forms.TextInput(attrs={"autocomplete": "name"})
    errors = {"required": gettext_lazy("Write your name.")}
    return NameField(label=label, max_length=max_length, help_text=help_text, widget=widget, error_messages=errors)


def your_email(help_text: "StrOrPromise") -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "email"})
    errors = {"required": gettext_lazy("Write your e-mail address.")}
    return forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, help_text=help_text, widget=widget, error_messages=errors
    )


def your_phone(help_text: "StrOrPromise" = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    label = gettext_lazy("Telephone (optional)")
    return forms.CharField(label=label, max_length=30, required=False, help_text=help_text, widget=widget)
