"""Keeps people out of the log: no mail or network addresses, no paths or queries, no bodies, no cookies.

Our own lines never contain any of these. Lines of libraries, and above all the texts of exceptions, are reduced to
what cannot contain them.
"""

import logging
import re
import sys
import traceback
from copy import copy
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from redis.exceptions import RedisError

from server.request_ids import request_id


def redacted(record: logging.LogRecord) -> logging.LogRecord:
    """A copy of the record that says nothing about a person, with the current request's id."""
    record = copy(record)  # other handlers get the original
    if record.exc_info is None and str(record.msg).startswith("Traceback"):  # how Daphne logs an exception
        record.exc_info = sys.exc_info() if sys.exc_info()[1] else None
    record.msg, record.args, record.exc_text = without_addresses(message_of(record)), (), None
    record.request_id = request_id.get()
    return record


def message_of(record: logging.LogRecord) -> str:
    """The message's first line, with each argument that is neither text nor a number replaced by its type.

    Where Django logs a request, the part after a colon or a dash is its path, its Host or its Referer: it is cut off.
    """
    msg = record.msg if isinstance(record.msg, str) else plain(record.msg)
    fault = record.exc_info and record.exc_info[1]
    if fault and msg == str(fault):
        return summary(fault)
    args: Any = record.args
    args = {name: plain(arg) for name, arg in args.items()} if isinstance(args, dict) else tuple(map(plain, args or ()))
    if hasattr(record, "request"):
        args = tuple(before(" - ", arg) for arg in args)
        return str(before(": ", before(" - ", msg) % args if args else before(" - ", msg)))
    return str(before("\n", msg % args if args else msg))


def before(separator: str, value: Any) -> Any:
    return value.partition(separator)[0] if isinstance(value, str) else value


def plain(value: Any) -> Any:
    if isinstance(value, BaseException):
        return summary(value)
    return value if value is None or isinstance(value, str | int | float | Path) else type(value).__name__


# Exceptions

# The texts of these describe code or a machine. All others may quote user input or a row.
SAFE = (
    NameError, AttributeError, ImportError, TypeError, OSError, NotImplementedError, ImproperlyConfigured,
    TemplateDoesNotExist, TemplateSyntaxError, OperationalError, InterfaceError, ProgrammingError, RedisError,
)  # fmt: skip


def summary(fault: BaseException) -> str:
    """An exception in one line: its type, and the first line of its text where that is safe."""
    words = before("\n", str(fault)) if isinstance(fault, SAFE) or settings.DEBUG else ""
    name = type(fault).__qualname__
    return f"{name}: {words}" if words else name


def traceback_of(fault: BaseException | None) -> str:
    """The traceback as Python prints it, causes first, with each exception reduced to its summary."""
    parts: list[str] = []
    known: set[int] = set()
    while fault and id(fault) not in known:
        known.add(id(fault))
        parts.append("".join(traceback.format_tb(fault.__traceback__)) + summary(fault))
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return "\n\n".join(reversed(parts))


# Addresses: the last net, below all of the above

MAIL = re.compile(r"[^\s@<>'\"(),;:\[\]{}]+@[^\s@<>'\"(),;:\[\]{}]+")
NETWORK = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)(?!\w)")
PATH = re.compile(r"path=b?'[^']*'")  # in the repr of Daphne's connections


def without_addresses(text: str) -> str:
    return NETWORK.sub(replace_address, PATH.sub("path=…", MAIL.sub("[mail]", text)))


def replace_address(found: re.Match[str]) -> str:
    text = found[0].rstrip(".:") if found[0].strip(".:") else found[0]
    try:
        ip_address(text)
    except ValueError:
        return found[0]
    return "[address]" + found[0][len(text) :]
