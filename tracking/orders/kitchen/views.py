"""The pages of a kitchen and its runners, and what is done on them."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tracking.orders import opening
from tracking.orders.kitchen.forms import FORMS, TAPS, SellOutForm
from tracking.orders.kitchen.queue import STAGES
from tracking.orders.kitchen.regions import KitchenColumn, KitchenDishes, KitchenHead, OrderState, Runs
from tracking.orders.kitchen.slips import Slip, print_slip
from tracking.orders.kitchen.timeline import KitchenTimeline
from tracking.orders.models import Dish, Order, Shop, State
from tracking.orders.models.busy import STEPS
from verbs.forms import ActionForm, VerbForm, form_of
from verbs.history import Change
from verbs.refusals import Refused
from verbs.views import act, answer, for_role, is_htmx, panel_context, redirect_303
from whole_numbers import key_of


def staff_of(user: Any, slug: str, **captured: Any) -> dict[str, Any]:
    """Raises Http404 for everyone who does not work at the shop, and for orders and dishes of another one."""
    shop = get_object_or_404(Shop.objects.of(user).select_related("airport"), slug=slug)
    if (pk := captured.pop("pk", None)) is not None:
        captured["order"] = get_object_or_404(placed_at(shop), pk=pk)
    if (dish := captured.pop("dish", None)) is not None:
        captured["dish"] = get_object_or_404(shop.dishes.select_related("shop__airport"), pk=dish)
    return {"shop": shop, **captured}


def placed_at(shop: Shop) -> Any:
    """What was not paid yet is nobody's business in a kitchen."""
    orders = Order.objects.filter(shop=shop).exclude(state=State.UNPAID).exclude(placed_at=None)
    return orders.select_related("shop__airport", "flight__airline")


for_staff = for_role(staff_of)


def shops_of(user: Any) -> dict[str, Any]:
    """Raises Http404 for everyone who works at none."""
    shops = list(Shop.objects.filter(staff=user).select_related("airport"))
    if not shops:
        raise Http404
    return {"shops": shops}


@never_cache
@require_safe
@for_role(shops_of)
def kitchens(request: HttpRequest, shops: list[Shop]) -> HttpResponse:
    """The way to the kitchen of one of one's shops: with the most open orders; where none has any, the first that is open."""
    counted = Order.objects.open().filter(shop__in=shops).order_by().values("shop").annotate(count=Count("pk"))
    open_orders, now = dict(counted.values_list("shop", "count")), timezone.now()
    if open_orders:
        shop = max(shops, key=lambda shop: open_orders.get(shop.pk, 0))
    else:
        shop = next((shop for shop in shops if opening.is_open(shop, now)), shops[0])
    return redirect("orders:kitchen", shop.slug)


@never_cache
@require_safe
@for_staff
def kitchen(request: HttpRequest, shop: Shop) -> HttpResponse:
    query = {"station": request.GET.get("station", "")}
    head = KitchenHead(query=query, slug=shop.slug)
    columns = [KitchenColumn(query=query, slug=shop.slug, stage=stage.value) for stage in STAGES]
    context = {
        **page_context(request, shop),
        "head": head,
        "columns": columns,
        "station": head.station,
    }
    return render(request, "orders/kitchen/kitchen.html", context)


@never_cache
@require_safe
@for_staff
def dishes(request: HttpRequest, shop: Shop) -> HttpResponse:
    context = {**page_context(request, shop), "region": KitchenDishes(slug=shop.slug)}
    return render(request, "orders/kitchen/dishes.html", context)


@never_cache
@require_safe
@for_staff
def runners(request: HttpRequest, shop: Shop) -> HttpResponse:
    context = {**page_context(request, shop), "region": Runs(slug=shop.slug)}
    return render(request, "orders/kitchen/runners.html", context)


def page_context(request: HttpRequest, shop: Shop) -> dict[str, Any]:
    return {
        "shop": shop,
        "shops": Shop.objects.of(request.user),
        "page_airport": shop.airport,
        "steps": STEPS,
    }


@never_cache
@require_safe
@for_staff
def find(request: HttpRequest, shop: Shop) -> HttpResponse:
    """An order by what its customer says, also one that was handed over long ago."""
    reference = request.GET.get("reference", "").strip().upper()[:12]
    order = placed_at(shop).filter(reference=reference).first()
    if order is None:
        messages.error(request, _("There is no order “%(reference)s” here.") % {"reference": reference})
        return redirect("orders:kitchen", shop.slug)
    return redirect("orders:kitchen-order", shop.slug, order.pk)


# One order


@never_cache
@require_safe
@for_staff
def order(request: HttpRequest, shop: Shop, order: Order) -> HttpResponse:
    """With ``open`` the form of that verb is unfolded."""
    return panel(request, order)


@require_POST
@for_staff
def change(request: HttpRequest, shop: Shop, order: Order, verb: str) -> HttpResponse:
    """One verb, from the order's panel."""
    form = form_of(FORMS, verb, order, request.POST)
    return act(
        request, form, partial(panel, request, order), reverse("orders:kitchen-order", args=[shop.slug, order.pk])
    )


@require_POST
@for_staff
def tap(request: HttpRequest, shop: Shop, order: Order, verb: str) -> HttpResponse:
    """One verb, from a card or a runner's list: the list says what became of it, the answer why it was refused, or that it was
    handed over, as that leaves the list."""
    if verb.replace("-", "_") not in TAPS:
        raise Http404
    form = form_of(FORMS, verb, order, request.POST)
    return act(request, form, partial(said, request, shop, is_leaving=verb == "deliver"), back_to(request, shop))


@require_POST
@for_staff
def made(request: HttpRequest, shop: Shop, order: Order, part: int, ready: int) -> HttpResponse:
    """So many of one part are made."""
    return attempt(request, shop, lambda: order.finish_part(part, ready, by=request.user))


def panel(
    request: HttpRequest,
    order: Order,
    asked: ActionForm | None = None,
    status: int = 200,
    since: Iterable[Change] | None = None,
    done: str = "",
) -> HttpResponse:
    order.refresh_from_db()
    timeline = KitchenTimeline(order)
    forms = panel_context(order, FORMS, timeline, asked, since, done)
    for form in forms["forms"]:
        form.is_asked_for = form.slug == request.GET.get("open")
    context = {
        **page_context(request, order.shop),
        "order": order,
        "stations": order.shop.stations.filter(parts__order=order).distinct(),
        "region": OrderState(slug=order.shop.slug, pk=order.pk),
        "steps": timeline.steps(),
        **forms,
    }
    return answer(request, "orders/kitchen/_panel.html", "orders/kitchen/panel.html", context, status)


@never_cache
@for_staff
def slip(request: HttpRequest, shop: Shop, order: Order) -> HttpResponse:
    """What a printer gets, for one station or for all. GET shows it; a POST says that it is printed, and counts it."""
    found = Slip.of(order, key_of(request.GET.get("station", "")))
    if request.method == "POST":
        found = print_slip(found)
    context = {"slip": found, "shop": shop, "to_pay": order.to_pay_at_shop, "is_printing": request.method == "POST"}
    return render(request, "orders/kitchen/slip.html", context)


# The shop


@require_POST
@for_staff
def busy(request: HttpRequest, shop: Shop, lever: str) -> HttpResponse:
    """The lever: more minutes, a pause, or the end of both."""
    levers: dict[str, Callable[[], None]] = {
        **{str(minutes): partial(shop.be_busy, minutes, by=request.user) for minutes in STEPS},
        "pause": shop.pause,
        "resume": shop.resume,
    }
    if lever not in levers:
        raise Http404
    return attempt(request, shop, levers[lever])


@require_POST
@for_staff
def sell_out(request: HttpRequest, shop: Shop, dish: Dish) -> HttpResponse:
    form = SellOutForm(request.POST)
    if not form.is_valid():
        return said(
            request, shop, status=422, text=" ".join(map(str, form.errors.get("time", [_("Choose until when.")])))
        )
    return attempt(request, shop, lambda: dish.sell_out(form.until(dish), by=request.user))


@require_POST
@for_staff
def bring_back(request: HttpRequest, shop: Shop, dish: Dish) -> HttpResponse:
    return attempt(request, shop, lambda: dish.bring_back(by=request.user))


# Answers to taps


def attempt(request: HttpRequest, shop: Shop, do: Callable[[], Any]) -> HttpResponse:
    """Do it; where it is refused, say why."""
    try:
        do()
    except Refused as refusal:
        return said(request, shop, status=422, text=str(refusal))
    return said(request, shop) if is_htmx(request) else redirect_303(back_to(request, shop))


def said(
    request: HttpRequest,
    shop: Shop,
    form: VerbForm | None = None,
    status: int = 200,
    text: str = "",
    since: Any = None,
    done: str = "",
    is_leaving: bool = False,
) -> HttpResponse:
    """Why a tap was refused; nothing where it was done, as the list shows that. ``is_leaving``: it is on no list any more."""
    faults = [fault for faults in form.errors.values() for fault in faults] if form and status != 200 else []
    text = text or " ".join(map(str, faults))
    if is_htmx(request):
        return render(
            request, "orders/kitchen/_said.html", {"text": text, "done": done if is_leaving else ""}, status=status
        )
    messages.error(request, text)
    return redirect_303(back_to(request, shop))


def back_to(request: HttpRequest, shop: Shop) -> str:
    """The page of the shop from which a form without scripts was sent."""
    pages = {"runners": "orders:runners", "dishes": "orders:kitchen-dishes"}
    return reverse(pages.get(request.POST.get("from", ""), "orders:kitchen"), args=[shop.slug])
