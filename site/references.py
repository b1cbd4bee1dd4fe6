"""References: the six letters and digits that a guest reads out at the door.

Nothing in them looks like anything else: no 0 and O, no 1, I and L, no U and V. A model gets one when it is saved first::

    class Reservation(Referenced): ...
    reservation.save()                       # reservation.reference == "7KQ2MX"
    new_references(Reservation, 200)         # for rows that are saved in bulk
"""

import secrets
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6
TRIES = 20


def new_reference(model: type[models.Model]) -> str:
    """A reference that no row of this model has. Another process may take it before it is saved: see Referenced.save."""
    return new_references(model, 1)[0]


def new_references(model: type[models.Model], count: int) -> list[str]:
    """As many different references that no row of this model has."""
    found: set[str] = set()
    for _try in range(TRIES):
        drawn = {draw() for _reference in range(count - len(found))}
        found |= drawn - set(model._base_manager.filter(reference__in=drawn).values_list("reference", flat=True))
        if len(found) == count:
            return list(found)
    raise RuntimeError(
        f"of {model._meta.label} too many references are taken: {TRIES} draws gave {len(found)} of {count}"
    )


def draw() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


class Referenced(models.Model):
    """A model with a reference, which is drawn when a row is saved without one."""

    reference = models.CharField(_("reference"), max_length=LENGTH, unique=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it. Where it has no reference, one is drawn; drawn again where somebody saved the same at this moment."""
        if self.reference:
            super().save(*args, **kwargs)
            return
        for _try in range(TRIES):
            self.reference = new_reference(type(self))
            try:
                with transaction.atomic():
                    super().save(*args, **kwargs)
                return
            except IntegrityError:
                if not type(self)._base_manager.filter(reference=self.reference).exists():
                    self.reference = ""
                    raise
        raise RuntimeError(f"{TRIES} references of {self._meta.label} were all taken meanwhile")
