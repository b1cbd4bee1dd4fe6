"""allauth's forms with our labels, and without placeholders: a placeholder repeats the label and vanishes on typing."""

from typing import Any

from allauth.account import forms as allauth
from django.forms import EmailField
from django.utils.translation import gettext_lazy as _


class Labelled:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, EmailField):
                field.label = _("E-mail")


class LoginForm(Labelled, allauth.LoginForm):  # type: ignore[misc]  # allauth has no types
    pass


class SignupForm(Labelled, allauth.SignupForm):  # type: ignore[misc]  # allauth has no types
    pass


class AddEmailForm(Labelled, allauth.AddEmailForm):  # type: ignore[misc]  # allauth has no types
    pass


class ChangePasswordForm(Labelled, allauth.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    pass


class SetPasswordForm(Labelled, allauth.SetPasswordForm):  # type: ignore[misc]  # allauth has no types
    pass


class ResetPasswordForm(Labelled, allauth.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    pass


class ResetPasswordKeyForm(Labelled, allauth.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    pass


class ReauthenticateForm(Labelled, allauth.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    pass
