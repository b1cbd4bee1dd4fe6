from typing import Any

from allauth.account.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.regions import Mailbox


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The demo's mail."""
    return render(request, "accounts/mailbox.html", {"mailbox": Mailbox()})


class SignIn(LoginView):
    """allauth's, with the status of what it says: 429 where there were too many wrong passwords."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        for error in form.non_field_errors().as_data():
            if error.code == "too_many_login_attempts":
                response.status_code = 429
                response["Retry-After"] = str(error.params["retry_after"])
        return response
