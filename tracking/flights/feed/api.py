"""The feed API: updates of flights as JSON, with a key."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI, Swagger
from ninja.errors import HttpError
from ninja.security import HttpBearer

import limits
from tracking.flights.feed.updates import Answer, Problem, Update, take
from tracking.flights.models import Source

MOST_RECORDS = 1000
MOST_BYTES = 2 * 1024 * 1024
CALLS_A_MINUTE = 240

api = NinjaAPI(
    title="Airside",
    version="1",
    description="Push flight updates, with a key of `manage.py feed_key <name>`. Push and follow the orders of a shop, "
    "with a key of `manage.py till_key <shop> <name>`.",
    docs=Swagger(settings={"persistAuthorization": False}),
    docs_url="docs",
    urls_namespace="api",
)


class Key(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Source | None:
        return Source.objects.holding(token)


@api.exception_handler(HttpError)
def problem(request: HttpRequest, fault: HttpError) -> JsonResponse:
    return JsonResponse({"error": str(fault)}, status=fault.status_code)


@api.exception_handler(limits.TooMany)
def too_many(request: HttpRequest, fault: limits.TooMany) -> JsonResponse:
    response = JsonResponse({"error": "Too many calls. Put more updates in one."}, status=429)
    response["Retry-After"] = str(fault.retry_after)
    return response


@api.post(
    "flights/updates",
    auth=Key(),
    response={200: Answer, 400: Problem, 401: dict, 413: Problem, 415: Problem, 429: Problem},
    tags=["flights"],
    summary="Report changes of flights, up to 1,000 a call",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"type": "array", "maxItems": MOST_RECORDS, "items": Update.model_json_schema()}
                }
            },
        }
    },
)
def updates(request: Any) -> Answer:
    """Each update is accepted or refused by itself. An empty array means that the source is alive without news."""
    source = request.auth
    limits.check("feed", source.pk, CALLS_A_MINUTE, limits.MINUTE)
    records = parsed(request)
    source.record_call()
    return take(source, records)


def parsed(request: HttpRequest) -> list[Any]:
    """The records in the body. Raises HttpError with what is wrong with it."""
    if request.content_type != "application/json":
        raise HttpError(415, "Send application/json.")
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise HttpError(413, "At most 2 MiB in one call.")
    try:
        records = json.loads(request.body, parse_int=number)
    except RequestDataTooBig as fault:  # sent in chunks, without its length
        raise HttpError(413, "At most 2 MiB in one call.") from fault
    except (ValueError, RecursionError) as fault:
        raise HttpError(400, "The body is not JSON.") from fault
    if not isinstance(records, list):
        raise HttpError(400, "The body is not a JSON array.")
    if len(records) > MOST_RECORDS:
        raise HttpError(413, "At most 1,000 updates in one call.")
    return records


def number(digits: str) -> int | str:
    """A whole number; one that is too long for any field stays a text, so that only its own record is refused."""
    return int(digits) if len(digits) < 20 else digits
