from screens.models.glass import Glass, Trouble
from screens.models.messages import Message, Severity, Showing
from screens.models.pairing import Pairing
from screens.models.screens import Hours, Orientation, Screen, ScreenChange, ScreenQuerySet, State, Theme

__all__ = [
    "Glass",
    "Hours",
    "Message",
    "Orientation",
    "Pairing",
    "Screen",
    "ScreenChange",
    "ScreenQuerySet",
    "Severity",
    "Showing",
    "State",
    "Theme",
    "Trouble",
]
