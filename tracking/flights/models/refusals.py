"""Why a change was not made. Each one's text is a sentence for whoever asked for it."""


class Refused(Exception):
    """Nothing was changed."""


class IllegalMove(Refused):
    """The flight is not in a state from which this can happen."""


class ImpossibleTime(Refused):
    """A time that can't be."""


class Changed(Refused):
    """The flight changed since whoever asks looked at it; ``changes`` are the FlightChange rows since."""

    def __init__(self, text, changes):
        super().__init__(text)
        self.changes = changes
