"""Form fields for words that go into mail to an address which nobody has confirmed."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from post.mail import one_line

# What mail programs make a link of. A domain is written in small letters or in capitals: not "St.John".
ADDRESS = re.compile(r"(?i:://|www\.)|@|[^\W_]{2,}\.([a-z]{2,}|[A-Z]{2,})\b")


class NameField(forms.CharField):
    """A person's name: one line, without web and mail addresses, so that nobody advertises in the site's mail."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if ADDRESS.search(value):
            raise ValidationError(_("Write a name, without web or mail addresses."))
