"""Why something was not done. Each one's text is a sentence for whoever asked for it."""


class Refused(Exception):
    """Nothing was changed."""


class IllegalMove(Refused):
    """The reservation is not in a state from which this can happen."""


class Changed(Refused):
    """It changed since whoever asks looked at it; ``changes`` are the ReservationChange rows since."""

    def __init__(self, text, changes):
        super().__init__(text)
        self.changes = changes


class Taken(Refused):
    """Somebody was first: ``by`` is the reservation that has the table, None where that is already gone."""

    def __init__(self, text, by=None):
        super().__init__(text)
        self.by = by


class Full(Refused):
    """There is no table, or no pace, for it at that time."""


class Closed(Refused):
    """The restaurant takes nobody then."""


class Unfit(Refused):
    """What was asked for can't be: a party of none, a time that has passed."""
