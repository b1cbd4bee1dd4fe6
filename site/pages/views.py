from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def connection(request):
    """The connection check: whether this browser can hold a socket through this network. Its script does the work."""
    return render(request, "pages/connection.html")


@require_safe
def healthz(request):
    """Whether the process is alive; it asks no database."""
    return HttpResponse("ok", content_type="text/plain")
