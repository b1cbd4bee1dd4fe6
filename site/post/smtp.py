"""Django's SMTP backend with a time limit for connecting, and one for each call that sends.

``EMAIL_TIMEOUT`` limits each read from the socket. A server that sends single bytes never reaches it.
"""

import smtplib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp


class EmailBackend(smtp.EmailBackend):
    """Connecting and sending take at most ``timeout`` seconds each; after that the connection is cut."""

    client: "smtplib.SMTP | None" = None
    is_cut = False

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]
        return partial(ClientSSL if self.use_ssl else Client, self)

    def open(self) -> bool | None:
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


class Client(smtplib.SMTP):
    """Registers with the backend before it connects, so that connecting can be cut too."""

    def __init__(self, backend: EmailBackend, *args: Any, **options: Any) -> None:
        backend.client = self
        super().__init__(*args, **options)


class ClientSSL(smtplib.SMTP_SSL):
    def __init__(self, backend: EmailBackend, *args: Any, **options: Any) -> None:
        backend.client = self
        super().__init__(*args, **options)
