"""What the log says: one line for each thing, as JSON or for a person to read, and on stderr.

A request has an id, which is in each line that is written on its behalf. Nothing says who anybody is: no address of
mail or network, no path or query, no body, no cookie. Lines of ours hold none of it; lines of libraries, and above all
what exceptions say, are cut down to what cannot hold it.
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

from proxies import is_trusted, peer

# Request ids

request_id = ContextVar("request_id", default=None)
HEADER = b"x-request-id"
SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def with_request_ids(application):
    """Give each request and each socket an id: that of a trusted proxy, else a new one. Requests are told it."""

    async def identified(scope, receive, send):
        if "headers" in scope:
            said = said_by_proxy(scope) or secrets.token_hex(8)
            request_id.set(said)
            # Not for sockets: each frame would pass through it.
            send = telling(send, said) if scope["type"] == "http" else send
        await application(scope, receive, send)

    return identified


def said_by_proxy(scope):
    """The id that a trusted proxy gave, or None. Anybody else could write whatever they like into our log with it."""
    given = dict(scope["headers"]).get(HEADER, b"").decode("latin-1")
    return given if SANE.fullmatch(given) and is_trusted(peer(scope)) else None


def telling(send, said):
    async def tell(message):
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), (HEADER, said.encode())]}
        await send(message)

    return tell


# Lines

FIELDS = ["time", "level", "logger", "message", "request_id", "method", "view", "status", "ms", "traceback"]


class Discreet:
    """Of a formatter: what a record says, without what could tell of a person."""

    def format(self, record):
        return super().format(discreet(record))

    def formatException(self, exc_info):
        return without_addresses(traceback_of(exc_info[1]))


class Lines(Discreet, logging.Formatter):
    """For a person to read: a traceback stays as long as it is."""


class JsonLines(Discreet, JsonFormatter):
    def __init__(self):
        renamed = {"levelname": "level", "name": "logger", "exc_info": "traceback"}
        super().__init__(["time", "levelname", "name", "message"], timestamp="time", rename_fields=renamed)

    def process_log_record(self, log_data):
        """Only what we know, as any library may add any object."""
        return {name: log_data[name] for name in FIELDS if log_data.get(name) is not None}


def discreet(record):
    record = copy(record)  # other handlers have a right to the whole
    if record.exc_info is None and str(record.msg).startswith("Traceback"):  # Daphne's way to say it
        record.exc_info = sys.exc_info() if sys.exc_info()[1] else None
    record.msg, record.args, record.exc_text = without_addresses(message(record)), (), None
    record.request_id = request_id.get()
    return record


def message(record):
    """The message's first line. Arguments that are neither words nor numbers are told by their type.

    Where Django speaks of a request, what follows a colon or a dash is its path, its Host or its Referer.
    """
    msg = record.msg if isinstance(record.msg, str) else plain(record.msg)
    fault = record.exc_info and record.exc_info[1]
    if fault and msg == str(fault):
        return said(fault)
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
        return said(value)
    return value if value is None or isinstance(value, str | int | float | Path) else type(value).__name__


# Exceptions

# What these say is about code, or about a machine. All others may quote what somebody has typed, or a row.
TELLING = (
    NameError, AttributeError, ImportError, TypeError, OSError, NotImplementedError, ImproperlyConfigured,
    TemplateDoesNotExist, TemplateSyntaxError, OperationalError, InterfaceError, ProgrammingError, RedisError,
)  # fmt: skip


def said(fault):
    """An exception in one line: its type, and its first words where they may be told."""
    words = before("\n", str(fault)) if isinstance(fault, TELLING) or settings.DEBUG else ""
    name = type(fault).__qualname__
    return f"{name}: {words}" if words else name


def traceback_of(fault):
    """As Python prints it, what led to it first; the lines of code say what an exception's words would."""
    parts, known = [], set()
    while fault and id(fault) not in known:
        known.add(id(fault))
        parts.append("".join(traceback.format_tb(fault.__traceback__)) + said(fault))
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return "\n\n".join(reversed(parts))


# Addresses: the net below all that

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
