"""Form fields for text that goes into mail to an unconfirmed address."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from post.text import one_line

# What mail programs turn into a link. A domain is all lower case or all upper case, so "St.John" is none.
ADDRESS = re.compile(r"(?i:://|www\.)|@|[^\W_]{2,}\.([a-z]{2,}|[A-Z]{2,})\b")


class NameField(forms.CharField):
    """A person's name: one line, without web and mail addresses, so that the site's mail carries no advertisements."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if ADDRESS.search(value):
            raise ValidationError(_("Write a name, without web or mail addresses."))
