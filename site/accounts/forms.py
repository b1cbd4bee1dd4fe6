"""allauth's forms with our labels, and without placeholders: a placeholder repeats the label and vanishes on typing."""

from typing import Any

from allauth.account import forms as allauth
from django.contrib.auth.hashers import make_password
from django.forms import EmailField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Labelled:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, EmailField):
                field.label = _("E-mail")


class LoginForm(Labelled, allauth.LoginForm):
    pass


class SignupForm(Labelled, allauth.SignupForm):
    def try_save(self, request: HttpRequest) -> Any:
        """For an address that has an account, do the costly part too: else the time of the answer tells of the account."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class AddEmailForm(Labelled, allauth.AddEmailForm):
    pass


class ChangePasswordForm(Labelled, allauth.ChangePasswordForm):
    pass


class SetPasswordForm(Labelled, allauth.SetPasswordForm):
    pass


class ResetPasswordForm(Labelled, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Labelled, allauth.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Labelled, allauth.ReauthenticateForm):
    pass
