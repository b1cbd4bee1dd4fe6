"""Sending the messages of webhooks that are due. A process claims a row before it sends it, so that no other one does.

No transaction is open and no row is locked while an endpoint is asked. All endpoints are asked at the same time; each of
them gets one message after the other, and none any more in a round in which it has failed.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import httpx
from django.conf import settings
from django.utils import timezone

from tracking.orders.models import Delivery
from tracking.orders.outside import PORTS, Inside, fault_of, places_of
from tracking.orders.till import metrics
from tracking.orders.till.signing import headers

log = logging.getLogger("airside.orders")

ROUNDS = 20  # in one run of the job
AT_ONCE = 50  # endpoints in a round
GONE = 410


class Result(NamedTuple):
    """``status`` 0: there was no answer, and ``problem`` says why."""

    status: int
    problem: str = ""

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


def send_due() -> int:
    """Send what is due. Returns how many messages were taken."""
    taken, failing = 0, set[int]()
    for _round in range(ROUNDS):
        claimed = claim_round(failing)
        if not claimed:
            break
        results = asyncio.run(post_all(claimed))
        for delivery, result in zip(claimed, results, strict=True):
            note(delivery, result)
            taken += result.is_taken
            if not result.is_taken:
                failing.add(delivery.endpoint_id)
    return taken


def claim_round(failing: Iterable[int]) -> list[Delivery]:
    """The first due message of each endpoint."""
    now = timezone.now()
    due = Delivery.objects.due(now).exclude(endpoint__in=failing).order_by("due_at", "pk")
    first: dict[int, int] = {}
    for pk, endpoint in due.values_list("pk", "endpoint")[: AT_ONCE * 20]:
        first.setdefault(endpoint, pk)
    claims = (Delivery.objects.claim(pk, timezone.now()) for pk in list(first.values())[:AT_ONCE])
    return [claim for claim in claims if claim]


async def post_all(deliveries: Sequence[Delivery]) -> list[Result]:
    return await asyncio.gather(*(post(delivery) for delivery in deliveries))


async def post(delivery: Delivery) -> Result:
    """Send one message. What the endpoint says beside its status is not read."""
    body = delivery.body.encode()
    signed = headers(delivery.endpoint.keys, delivery.message, int(timezone.now().timestamp()), body)
    try:
        async with asyncio.timeout(settings.WEBHOOKS_TIMEOUT):
            return Result(await status_of(delivery.endpoint.url, body, signed))
    except Inside as fault:
        return Result(0, str(fault))
    except TimeoutError:
        return Result(0, f"no answer in {settings.WEBHOOKS_TIMEOUT} seconds")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError) as fault:
        return Result(0, type(fault).__name__)


async def status_of(url: str, body: bytes, signed: dict[str, str]) -> int:
    """The status of the answer. It is sent to a place that was looked at, under the name that is in the address."""
    if words := fault_of(url):
        raise Inside(words)
    address = httpx.URL(url)
    name, named = address.raw_host.decode(), {"Host": address.netloc.decode(), **signed}
    places = await places_of(name.strip("[]"), address.port or PORTS[address.scheme])
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=settings.WEBHOOKS_TIMEOUT) as client:
        for place in places:
            there, more = address.copy_with(host=place), {"sni_hostname": name}
            request = client.build_request("POST", there, content=body, headers=named, extensions=more)
            try:
                answer = await client.send(request, stream=True)
            except httpx.ConnectError:
                if place == places[-1]:
                    raise
            else:
                await answer.aclose()
                return answer.status_code
    raise OSError("the name has no address")


def note(delivery: Delivery, result: Result) -> None:
    now = timezone.now()
    if result.is_taken:
        delivery.sent(now)
        metrics.sent.inc()
        return
    problem = result.problem or f"status {result.status}"
    log.warning("webhook %s of order %s was not taken: %s", delivery.event, delivery.order_id, problem)
    metrics.failed.inc()
    delivery.failed(problem, now)
    if result.status == GONE:
        delivery.endpoint.stop(now)
    if result.status == GONE or delivery.is_last_try:
        metrics.given_up.inc()
