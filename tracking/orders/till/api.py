"""The API of orders, for a shop's own till: below /api/v1/orders/, in the same description as the feed of flights."""

import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from ninja import Router
from ninja.security import HttpBearer

import limits
from references import ALPHABET, LENGTH
from tracking.flights.feed.api import api
from tracking.orders.models import Order, State, TillKey
from tracking.orders.till.answers import etag_of, list_answer, menu_answer, order_answer, url_of
from tracking.orders.till.bodies import Move, WantedOrder, raw, read
from tracking.orders.till.matching import is_known, seen_by
from tracking.orders.till.moves import MOVES
from tracking.orders.till.problems import Problem, of_refusal
from tracking.orders.till.pushing import change, push
from tracking.orders.till.repeats import once
from verbs.refusals import Refused

CALLS_A_MINUTE = 240
MOST_ORDERS = 100
REFERENCE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")

Act = Callable[[], HttpResponse]


class Till(HttpBearer):
    def __call__(self, request: HttpRequest) -> TillKey:
        found = super().__call__(request)
        if found is None:
            words = _("Send the key of a till: “Authorization: Bearer …”.")
            raise Problem(401, "key", words, headers={"WWW-Authenticate": "Bearer"})
        return found

    def authenticate(self, request: HttpRequest, token: str) -> TillKey | None:
        return TillKey.objects.holding(token)


router = Router(auth=Till(), tags=["orders"])


def join() -> None:
    """Put these addresses beside those of flights. Once, before the addresses of the site are read."""
    api.add_router("/v1/orders", router)
    api.add_exception_handler(Problem, lambda request, problem: problem.response())


def body_of(schema: Any, is_required: bool = True) -> dict[str, Any]:
    """What the description says of a body, which ``read`` reads: ninja's own reading has no pointers."""
    content = {"application/json": {"schema": schema.model_json_schema(ref_template="#/components/schemas/{model}")}}
    definitions = content["application/json"]["schema"].pop("$defs", {})
    for name, definition in definitions.items():
        inline(content, name, definition)
    headers = [header("Idempotency-Key", "The same key with the same request: the same answer, and nothing is done.")]
    return {"requestBody": {"required": is_required, "content": content}, "parameters": headers}


def inline(content: Any, name: str, definition: dict[str, Any]) -> None:
    """Put a schema that is used in one place where it is used."""
    if isinstance(content, dict):
        if content.get("$ref") == f"#/components/schemas/{name}":
            content.clear()
            content.update(definition)
        for value in content.values():
            inline(value, name, definition)
    elif isinstance(content, list):
        for value in content:
            inline(value, name, definition)


def header(name: str, about: str) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": False, "description": about, "schema": {"type": "string"}}


@router.post(
    "/", url_name="till_orders", summary="Push an order, or a later version of one", openapi_extra=body_of(WantedOrder)
)
def push_order(request: Any) -> HttpResponse:
    """201 for a new order, 200 for one that was changed, or that is as it was. It is the same order by its number."""

    def act() -> HttpResponse:
        order, is_new = push(request.auth, read(request, WantedOrder))
        return shown(order, 201 if is_new else 200)

    return answered(request, act, at="#/wanted_at")


@router.get("/", url_name="till_orders", summary="The shop’s orders, the latest first")
def list_orders(request: Any, state: str = "", number: str = "", before: str = "") -> HttpResponse:
    """``state``: a state, or "open"; ``number``: the till’s own; ``before``: the reference of the last one of a page."""
    return answered(request, lambda: matched(request, list_answer(orders_asked(request.auth, state, number, before))))


@router.get("/menu/", url_name="till_menu", summary="What can be ordered, with the ids that an order names")
def menu(request: Any) -> HttpResponse:
    return answered(request, lambda: matched(request, menu_answer(request.auth.shop)))


@router.get("/{reference}/", url_name="till_order", summary="One order")
def one_order(request: Any, reference: str) -> HttpResponse:
    def act() -> HttpResponse:
        order = order_of(request.auth, reference)
        return (
            HttpResponse(status=304, headers={"ETag": etag_of(order)})
            if is_known(request, etag_of(order))
            else shown(order)
        )

    return answered(request, act)


@router.put("/{reference}/", url_name="till_order", summary="Change an order", openapi_extra=body_of(WantedOrder))
def change_order(request: Any, reference: str) -> HttpResponse:
    """Needs a later ``version`` in the body, or If-Match with the ETag of the order as the till knows it."""

    def act() -> HttpResponse:
        order, body = order_of(request.auth, reference), read(request, WantedOrder)
        if order.source != request.auth.name or not order.external:
            raise Problem(403, "source", _("Only the till that has pushed an order can change it."))
        if body.version == order.external_version:  # sent again: it says whether it is the same
            return shown(change(request.auth, order, body))
        seen = seen_by(request, etag_of(order), order.revision)
        if seen is None and body.version is None:
            raise Problem(428, "condition", _("Send If-Match with the ETag of the order, or a later version."))
        return shown(change(request.auth, order, body, seen))

    return answered(request, act, at="#/lines")


@router.post(
    "/{reference}/{move}/", url_name="till_move", summary="Move an order on", openapi_extra=body_of(Move, False)
)
def move_order(request: Any, reference: str, move: str) -> HttpResponse:
    """accept, refuse, start, ready, collect, send-out, deliver or cancel. The same again changes nothing."""

    def act() -> HttpResponse:
        order = order_of(request.auth, reference)
        if move not in MOVES:
            raise Problem(404, "missing", _("There is no such move."))
        body = read(request, Move)
        seen = seen_by(request, etag_of(order), order.revision)
        MOVES[move](order, body, {"till": request.auth, "seen": seen})
        return shown(order)

    return answered(request, act, at="#/reason")


def answered(request: Any, act: Act, at: str = "") -> HttpResponse:
    """The answer of ``act``, of which every refusal is a problem; those of writes with a key once."""
    try:
        limits.check("till", request.auth.pk, CALLS_A_MINUTE, limits.MINUTE)
        request.auth.record_use(timezone.now())
        if request.method in ("GET", "HEAD"):
            answer = act()
        else:
            raw(request)
            answer = once(request, request.auth, act)
    except limits.TooMany as fault:
        raise Problem(429, "rate", _("Too many calls."), headers={"Retry-After": str(fault.retry_after)}) from fault
    except Refused as refusal:
        raise of_refusal(refusal, at) from refusal
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def order_of(till: TillKey, reference: str) -> Order:
    """An order of its shop that was placed. Raises Problem for all others, as if there were none."""
    found = placed(till).filter(reference=reference).first() if REFERENCE.fullmatch(reference) else None
    if found is None:
        raise Problem(404, "missing", _("There is no such order."))
    return found


def placed(till: TillKey) -> Any:
    """The orders that its shop has got: those that nobody has paid yet are none."""
    found = Order.objects.filter(shop=till.shop, placed_at__isnull=False)
    return found.select_related("shop__airport", "flight__airline")


def orders_asked(till: TillKey, state: str, number: str, before: str) -> list[Order]:
    found = placed(till).order_by("-pk")
    if state == "open":
        found = found.open()
    elif state in State.values:
        found = found.filter(state=state)
    elif state:
        raise Problem(400, "parameter", _("There is no such state."))
    if number:
        found = found.filter(external=number.replace("\x00", ""))
    if before:
        found = found.filter(pk__lt=order_of(till, before).pk)
    return list(found[:MOST_ORDERS])


def shown(order: Order, status: int = 200) -> HttpResponse:
    order = placed_again(order)
    headers = {"ETag": etag_of(order), **({"Location": url_of(order)} if status == 201 else {})}
    return HttpResponse(json.dumps(order_answer(order)), "application/json", status, headers=headers)


def placed_again(order: Order) -> Order:
    """As it is in the database now, with its revision."""
    return Order.objects.select_related("shop__airport", "flight__airline").get(pk=order.pk)


def matched(request: HttpRequest, content: dict[str, Any]) -> HttpResponse:
    """This content, or 304 where the till has it."""
    body = json.dumps(content)
    etag = f'"{sha256(body.encode()).hexdigest()[:24]}"'
    if is_known(request, etag):
        return HttpResponse(status=304, headers={"ETag": etag})
    return HttpResponse(body, "application/json", headers={"ETag": etag})
