"""The log: one line for each event on stderr, as JSON or as plain text.

Each request has an id, which stands in every line that is written for it. No line has personal data: no mail or network
address, no path or query, no body, no cookie. Our own lines contain none. Lines of libraries, and the texts of
exceptions, are reduced to what can't contain any.
"""

import logging
import re
import secrets
import sys
import traceback
from contextvars import ContextVar
from copy import copy
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from pythonjsonlogger.json import JsonFormatter
from redis.exceptions import RedisError

from server.proxies import is_trusted, peer

# Request ids

request_id = ContextVar("request_id", default=None)
HEADER = b"x-request-id"
SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def with_request_ids(application):
    """Give each request and each socket an id: a trusted proxy's, else a new one. Responses have it as a header."""

    async def identified(scope, receive, send):
        if "headers" in scope:
            given = proxied_id(scope) or secrets.token_hex(8)
            request_id.set(given)
            # Not for sockets: each frame would pass through it.
            send = with_header(send, given) if scope["type"] == "http" else send
        await application(scope, receive, send)

    return identified


def proxied_id(scope):
    """The id that a trusted proxy gave, or None. From other clients it could write anything into our log."""
    given = dict(scope["headers"]).get(HEADER, b"").decode("latin-1")
    return given if SANE.fullmatch(given) and is_trusted(peer(scope)) else None


def with_header(send, given):
    async def send_with_id(message):
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), (HEADER, given.encode())]}
        await send(message)

    return send_with_id


# Lines

FIELDS = ["time", "level", "logger", "message", "request_id", "method", "view", "status", "ms", "traceback"]


class Redacting:
    """Mixin of formatters: leaves out whatever could identify a person."""

    def format(self, record):
        return super().format(redacted(record))

    def formatException(self, exc_info):
        return without_addresses(traceback_of(exc_info[1]))


class Lines(Redacting, logging.Formatter):
    """Plain text. A traceback takes as many lines as it has."""


class JsonLines(Redacting, JsonFormatter):
    def __init__(self):
        renamed = {"levelname": "level", "name": "logger", "exc_info": "traceback"}
        super().__init__(["time", "levelname", "name", "message"], timestamp="time", rename_fields=renamed)

    def process_log_record(self, log_data):
        """Keep the known fields only: libraries may add any object."""
        return {name: log_data[name] for name in FIELDS if log_data.get(name) is not None}


def redacted(record):
    record = copy(record)  # other handlers have a right to the whole
    if record.exc_info is None and str(record.msg).startswith("Traceback"):  # Daphne's way to say it
        record.exc_info = sys.exc_info() if sys.exc_info()[1] else None
    record.msg, record.args, record.exc_text = without_addresses(message(record)), (), None
    record.request_id = request_id.get()
    return record


def message(record):
    """The message's first line. An argument that is neither a text nor a number is replaced by its type.

    In Django's lines about a request, a colon or a dash is followed by its path, its Host or its Referer.
    """
    msg = record.msg if isinstance(record.msg, str) else plain(record.msg)
    fault = record.exc_info and record.exc_info[1]
    if fault and msg == str(fault):
        return summary(fault)
    args = record.args
    args = {name: plain(arg) for name, arg in args.items()} if isinstance(args, dict) else tuple(map(plain, args or ()))
    if hasattr(record, "request"):
        args = tuple(before(" - ", arg) for arg in args)
        return before(": ", before(" - ", msg) % args if args else before(" - ", msg))
    return before("\n", msg % args if args else msg)


def before(sign, text):
    return text.partition(sign)[0] if isinstance(text, str) else text


def plain(value):
    if isinstance(value, BaseException):
        return summary(value)
    return value if value is None or isinstance(value, str | int | float | Path) else type(value).__name__


# Exceptions

# The texts of these speak of code or of a machine. Others may quote what somebody typed, or a row.
HARMLESS = (
    NameError, AttributeError, ImportError, TypeError, OSError, NotImplementedError, ImproperlyConfigured,
    TemplateDoesNotExist, TemplateSyntaxError, OperationalError, InterfaceError, ProgrammingError, RedisError,
)  # fmt: skip


def summary(fault):
    """An exception in one line: its type, and its first line where that is harmless."""
    words = before("\n", str(fault)) if isinstance(fault, HARMLESS) or settings.DEBUG else ""
    name = type(fault).__qualname__
    return f"{name}: {words}" if words else name


def traceback_of(fault):
    """As Python prints it, causes first. The lines of code stand in for the texts of exceptions."""
    parts, known = [], set()
    while fault and id(fault) not in known:
        known.add(id(fault))
        parts.append("".join(traceback.format_tb(fault.__traceback__)) + summary(fault))
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return "\n\n".join(reversed(parts))


# A last safety net: addresses

MAIL = re.compile(r"[^\s@<>'\"(),;:\[\]{}]+@[^\s@<>'\"(),;:\[\]{}]+")
NETWORK = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)(?!\w)")
PATH = re.compile(r"path=b?'[^']*'")  # in the repr of Daphne's connections


def without_addresses(text):
    return NETWORK.sub(unless_address, PATH.sub("path=…", MAIL.sub("[mail]", text)))


def unless_address(found):
    text = found[0].rstrip(".:") if found[0].strip(".:") else found[0]
    try:
        ip_address(text)
    except ValueError:
        return found[0]
    return "[address]" + found[0][len(text) :]
