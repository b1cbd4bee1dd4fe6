from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from links.models import Linked, LinkedQuerySet


class UserManager(BaseUserManager.from_queryset(LinkedQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user made by staff or by a command. Their address counts as confirmed."""
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        with transaction.atomic():
            user.save(using=self._db)
            user.confirm_email()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(Linked, AbstractUser):
    """A person, known by their e-mail address. Their groups say what they may do."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    emailaddress_set: Any  # allauth's
    objects: ClassVar = UserManager()

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def set_password(self, raw_password: str | None) -> None:
        """Another password revokes the links of this user, such as that of their calendar."""
        super().set_password(raw_password)
        self.revoke_links()

    def confirm_email(self) -> None:
        """Count the address as confirmed, and delete any other. People sign in with a confirmed address only."""
        with transaction.atomic():
            self.emailaddress_set.exclude(email=self.email).delete()
            self.emailaddress_set.update_or_create(email=self.email, defaults={"verified": True, "primary": True})
