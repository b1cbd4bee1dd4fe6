from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import topics
from live.outbox import publish


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """A user made by staff or by a command, who vouch for the address: it needs no confirming."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        with transaction.atomic():
            user.save(using=self._db)
            user.confirm_email()
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person, known by e-mail address. What one may do comes from groups; "flight desk" is the first."""

    username = None
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    def __str__(self):
        return self.get_full_name() or self.email

    def confirm_email(self):
        """Take the address as confirmed, and forget any other: one signs in with a confirmed address only."""
        with transaction.atomic():
            self.emailaddress_set.exclude(email=self.email).delete()
            self.emailaddress_set.update_or_create(email=self.email, defaults={"verified": True, "primary": True})


class MailManager(models.Manager):
    KEPT = 200

    def keep(self, to, subject, text):
        """Keep a mail instead of sending it. The newest 200 stay. ``to``: addresses, with commas between."""
        with transaction.atomic():
            mail = self.create(to=to, subject=subject, text=text)
            oldest = self.order_by("-pk").values_list("pk", flat=True)[self.KEPT - 1 : self.KEPT].first()
            self.filter(pk__lt=oldest or 0).delete()
            publish(topics.mailbox())
        return mail


class Mail(models.Model):
    """A mail that the demo did not send."""

    to = models.TextField()
    subject = models.TextField()
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    objects = MailManager()

    class Meta:
        verbose_name_plural = _("mail")

    def __str__(self):
        return self.subject
