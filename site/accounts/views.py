from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.regions import Mailbox


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The demo's mail."""
    return render(request, "accounts/mailbox.html", {"mailbox": Mailbox()})
