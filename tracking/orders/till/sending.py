"""Sending the messages of webhooks that are due. A process claims a row before it sends it, so that no other one does.

No transaction is open and no row is locked while an endpoint is asked. Each endpoint is asked in a thread of its own, one
message after the other, and none any more in a run in which it has failed. A run waits for slow endpoints for a moment, and
then leaves them to their threads: the next run goes on with the others, and notes what has become of the slow ones. So an
endpoint that hangs delays its own messages and no other's.
"""

import asyncio
import logging
import time
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

import httpx
from django.conf import settings
from django.utils import timezone

from tracking.orders.models import Delivery
from tracking.orders.outside import PORTS, Inside, fault_of, places_of
from tracking.orders.till import metrics
from tracking.orders.till.signing import headers

log = logging.getLogger("airside.orders")

AT_ONCE = 50  # endpoints
RUN = 2.0  # seconds that a run of the job lasts at most
GONE = 410


class Result(NamedTuple):
    """``status`` 0: there was no answer, and ``problem`` says why."""

    status: int
    problem: str = ""

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


threads = ThreadPoolExecutor(AT_ONCE, "webhook")
under_way: dict[Future[Result], Delivery] = {}  # what is being asked now, perhaps since an earlier run


def send_due() -> int:
    """Send what is due. Returns how many messages were taken. Not in two threads of one process at once."""
    taken, failing, ends = 0, set[int](), time.monotonic() + RUN
    while time.monotonic() < ends:
        asked = {delivery.endpoint_id for delivery in under_way.values()}
        for delivery in claim(failing | asked, AT_ONCE - len(under_way)):
            under_way[threads.submit(ask, delivery)] = delivery
        if not under_way:
            break
        for future in wait(under_way, max(0, ends - time.monotonic()), FIRST_COMPLETED).done:
            delivery, result = under_way.pop(future), future.result()
            note(delivery, result)
            taken += result.is_taken
            if not result.is_taken:
                failing.add(delivery.endpoint_id)
    return taken


def claim(but: Collection[int], most: int) -> list[Delivery]:
    """The first due message of each endpoint, but for these, of so many endpoints at most."""
    due = Delivery.objects.due(timezone.now()).exclude(endpoint__in=but).order_by("due_at", "pk")
    first: dict[int, int] = {}
    for pk, endpoint in due.values_list("pk", "endpoint")[: AT_ONCE * 20]:
        first.setdefault(endpoint, pk)
    claims = (Delivery.objects.claim(pk, timezone.now()) for pk in list(first.values())[:most])
    return [claimed for claimed in claims if claimed]


def ask(delivery: Delivery) -> Result:
    """In a thread. It has an event loop of its own, so that a name server that hangs holds up nothing else either."""
    return asyncio.run(post(delivery))


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
