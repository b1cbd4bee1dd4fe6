from django.db import models
from django.utils.translation import gettext_lazy as _


class Cabin(models.TextChoices):
    """Travel classes."""

    ECONOMY = "economy", _("Economy")
    PREMIUM = "premium", _("Premium economy")
    BUSINESS = "business", _("Business")
    FIRST = "first", _("First")
