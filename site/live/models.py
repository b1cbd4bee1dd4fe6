from django.db import models
from django.utils import timezone


class Publish(models.Model):
    """One row of the outbox: this topic changed. It is written in the transaction of the change."""

    topic = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name_plural = "publishes"

    def __str__(self) -> str:
        return self.topic
