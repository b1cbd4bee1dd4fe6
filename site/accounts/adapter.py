from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import has_verified_email
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import devices
from accounts.landings import landing_of
from accounts.tries import Try
from limits import TooMany
from post import strangers
from post.mail import post

# What anybody can have sent to any address. All other mail follows from a password or a link that was mailed before.
ASKED_BY_ANYBODY = {
    "account/email/account_already_exists",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/password_reset_key",
    "account/email/unknown_account",
}


class Adapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This address and password don’t match, or the address is not confirmed yet."),
        "too_many_login_attempts": _(
            "Too many wrong passwords. Wait five minutes, or set a new password: the link in the mail signs you in."
        ),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail as a row: no sign-up or reset waits for a mail server, or fails with it."""
        request = allauth_context.request
        context = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        language = get_language() or settings.LANGUAGE_CODE
        post(template_prefix, email, context, language, bounded=template_prefix in ASKED_BY_ANYBODY)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where staff land; the front page for everybody else. A safe ``next`` has precedence."""
        return landing_of(request.user) or settings.LOGIN_REDIRECT_URL

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The user with these credentials, or None.

        An account with an unconfirmed address is refused. Otherwise a person who signed up with somebody else's address
        would learn from the answer whether it had an account before.
        """
        user = super().authenticate(request, **credentials)
        if user is None or not has_verified_email(user, credentials.get("email")):
            return None
        self.attempt.was_right()
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            self.attempt = Try(request, credentials.get("email", ""))
        except TooMany as fault:
            error = self.validation_error("too_many_login_attempts")
            error.params = {"retry_after": fault.retry_after}
            raise error from None

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        devices.remember(request, response, user.email)
        strangers.has_proven(user.email)
        return response
