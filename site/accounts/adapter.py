from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.landings import landing_of
from post.mail import post


class Adapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail as a row: no sign-up or reset waits for a mail server, or fails with it."""
        request = allauth_context.request
        context = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        post(template_prefix, email, context, get_language() or settings.LANGUAGE_CODE)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where staff land; the front page for everybody else. A safe ``next`` has precedence."""
        return landing_of(request.user) or settings.LOGIN_REDIRECT_URL
