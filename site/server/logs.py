"""How log lines are written: one line per event on stderr, as JSON or as plain text.

Both formatters redact every record: server/redaction.py says what they leave out, and why.
"""

import logging
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from server.redaction import redacted, traceback_of, without_addresses

FIELDS = ["time", "level", "logger", "message", "request_id", "method", "view", "status", "ms", "traceback"]


class Redacting(logging.Formatter):
    """Mixed into a formatter: it formats a redacted copy of the record."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(redacted(record))

    def formatException(self, ei: Any) -> str:
        return without_addresses(traceback_of(ei[1]))


class Lines(Redacting):
    """Plain text for a terminal; a traceback takes as many lines as it needs."""


class JsonLines(Redacting, JsonFormatter):
    """One JSON object per line."""

    def __init__(self) -> None:
        renamed = {"levelname": "level", "name": "logger", "exc_info": "traceback"}
        super().__init__(["time", "levelname", "name", "message"], timestamp="time", rename_fields=renamed)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Keeps only the fields above, since any library may add any object to a record."""
        return {name: log_data[name] for name in FIELDS if log_data.get(name) is not None}
