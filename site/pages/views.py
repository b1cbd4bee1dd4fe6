from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@require_safe
def connection(request):
    """The connection check: whether this browser can hold a socket through this network. Its script does the work."""
    return render(request, "pages/connection.html")


@require_safe
def favicon(request):
    """Where browsers look on pages that name none, such as the admin's."""
    return redirect(static("img/favicon.svg"))
