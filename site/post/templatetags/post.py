from datetime import tzinfo

from django import template
from django.db import models

from post.models import undelivered_about

register = template.Library()


@register.inclusion_tag("post/_undelivered.html")
def undelivered(about: models.Model, tz: tzinfo) -> dict[str, object]:
    """``{% undelivered reservation reservation.tz %}``: the mail about it that was not delivered. For staff only, since it names addresses."""
    return {"messages": undelivered_about(about), "tz": tz}
