"""Who travels: how many of each kind, and how many seats they need."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from verbs.refusals import Refused

LARGEST = 9  # travellers in one booking
INFANTS = 2  # with each adult, in seats or on the lap


class WrongParty(Refused):
    """Nobody can travel like this. ``field``: the field of Party that the sentence is about."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


class Party(NamedTuple):
    """How many travel. A child and an infant with a seat take a seat; an infant on a lap takes none."""

    adults: int = 1
    children: int = 0
    infants_seated: int = 0
    infants_lap: int = 0

    @property
    def seats(self) -> int:
        return self.adults + self.children + self.infants_seated

    @property
    def travellers(self) -> int:
        return sum(self)

    def check(self) -> None:
        """Raise WrongParty if nobody can book like this."""
        for field, number in zip(self._fields, self, strict=True):
            if number < 0:
                raise WrongParty(_("Nobody can be less than none."), field)
        if not self.adults:
            raise WrongParty(_("At least one adult has to travel."), "adults")
        if self.infants_lap > self.adults:
            raise WrongParty(_("Each infant on a lap needs an adult of its own."), "infants_lap")
        if self.infants_lap + self.infants_seated > INFANTS * self.adults:
            words = {"most": INFANTS}
            raise WrongParty(_("One adult can look after %(most)s infants at most.") % words, "infants_seated")
        if self.travellers > LARGEST:
            raise WrongParty(_("At most %(most)s people can be booked together.") % {"most": LARGEST}, "adults")
