from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def connection(request: HttpRequest) -> HttpResponse:
    """The connection check: can this browser hold a socket through this network? A script finds out."""
    return render(request, "pages/connection.html")


@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """The address at which browsers look for an icon on pages that name none, such as the admin's."""
    return redirect(static("img/favicon.svg"))
