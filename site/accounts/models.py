from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from links.models import Linked, LinkedQuerySet


class UserManager(BaseUserManager.from_queryset(LinkedQuerySet)):
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


class User(Linked, AbstractUser):
    """A person, known by e-mail address. What one may do comes from groups; "flight desk" is the first."""

    username = None
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    def __str__(self):
        return self.get_full_name() or self.email

    def set_password(self, raw_password):
        """Another password revokes the links of this user, such as that of their calendar."""
        super().set_password(raw_password)
        self.revoke_links()

    def confirm_email(self):
        """Take the address as confirmed, and forget any other: one signs in with a confirmed address only."""
        with transaction.atomic():
            self.emailaddress_set.exclude(email=self.email).delete()
            self.emailaddress_set.update_or_create(email=self.email, defaults={"verified": True, "primary": True})
