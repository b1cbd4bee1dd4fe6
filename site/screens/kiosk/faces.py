"""What a screen's page is made for. Where that changes, the page has to be loaded again."""

import json
from hashlib import blake2b

from screens.models import Hours, Screen


def face_of(screen: Screen, hours: Hours | None) -> str:
    """Differs with the hours, with what they show, and with how the screen is set up."""
    shown = [hours.pk, hours.shows, hours.settings] if hours else []
    set_up = [screen.name, screen.orientation, screen.inches, float(screen.distance), screen.languages, screen.theme]
    made = json.dumps([shown, set_up], sort_keys=True)
    return f"{hours.pk if hours else ''}-{blake2b(made.encode(), digest_size=6).hexdigest()}"
