"""The pickup screen as a page: for a phone, or any browser on a wall."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tracking.orders.models import Shop
from tracking.orders.wall.regions import PickupPage


@require_safe
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    shop = get_object_or_404(Shop.objects.select_related("airport"), slug=slug)
    context = {"shop": shop, "region": PickupPage(slug=shop.slug), "page_airport": shop.airport}
    context["works_here"] = Shop.objects.of(request.user).filter(pk=shop.pk).exists()
    return render(request, "orders/wall/wall.html", context)
