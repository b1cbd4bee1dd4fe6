"""Data for programs inside HTML, such as a schema.org description (application/ld+json)."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.safestring import SafeString, mark_safe


def structured(data: object) -> SafeString:
    """JSON for inside a script element: no tag and no entity can begin in it."""
    written = json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder)
    for character in "<>&":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(written)  # noqa: S308 - see above
