"""Django's SMTP backend with a time limit for connecting, and one for each call that sends.

``EMAIL_TIMEOUT`` limits each read from the socket. A server that sends single bytes never reaches it. Names are resolved in
threads of their own (``post.resolving``), since nothing else limits a resolver that hangs.
"""

import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from post.resolving import addresses, name_this_machine


class EmailBackend(smtp.EmailBackend):
    """Connecting and sending take at most ``timeout`` seconds each; after that the connection is cut."""

    client: "smtplib.SMTP | None" = None
    is_cut = False

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]
        return partial(ClientSSL if self.use_ssl else Client, self)

    def open(self) -> bool | None:
        if self.connection is None:
            name_this_machine(self.timeout or 10)
        with self.time_limit():
            return super().open()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with self.time_limit():
            return super().send_messages(email_messages)

    def close(self) -> None:
        with self.time_limit():
            super().close()

    @contextmanager
    def time_limit(self) -> Iterator[None]:
        self.is_cut = False
        timer = threading.Timer(self.timeout or 10, self.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, smtplib.SMTPException) as fault:
            if self.is_cut:
                raise TimeoutError("the mail server took too long") from fault
            raise
        finally:
            timer.cancel()

    def cut(self) -> None:
        """Shut the socket down: reading and writing fail at once."""
        self.is_cut = True
        connected = self.client.sock if self.client else None
        if connected is not None:
            with suppress(OSError):  # it may have ended by itself
                socket.socket.shutdown(connected, socket.SHUT_RDWR)  # of the socket below TLS, not of TLS


class Resolving:
    """Registers with the backend before it connects, so that connecting can be cut too; resolves within the time limit."""

    def __init__(self, backend: EmailBackend, *args: Any, **options: Any) -> None:
        backend.client = self  # type: ignore[assignment]
        super().__init__(*args, **options)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        ends = time.monotonic() + timeout
        fault: OSError = TimeoutError("no time left to connect")
        for address in addresses(host, port, timeout):
            if (left := ends - time.monotonic()) <= 0:
                break
            try:
                return super()._get_socket(address, port, left)  # type: ignore[misc,no-any-return]
            except OSError as failure:
                fault = failure
        raise fault


class Client(Resolving, smtplib.SMTP):
    pass


class ClientSSL(Resolving, smtplib.SMTP_SSL):
    pass
