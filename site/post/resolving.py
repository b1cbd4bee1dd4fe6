"""Names resolved within a time limit, which the system's resolver lacks.

A resolver that hangs holds one thread for each name, however often it is asked; the thread ends with the process.
"""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from django.core.mail.utils import DNS_NAME

running: dict[object, Future[Any]] = {}
lock = threading.Lock()


def addresses(host: str, port: int, seconds: float) -> list[str]:
    """The network addresses of a host, in the system's order. Raises TimeoutError, or what the resolver raises."""
    found = within(seconds, (host, port), lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    return list(dict.fromkeys(str(address[0]) for *_kind, address in found))


def name_this_machine(seconds: float) -> None:
    """Find the name that this machine introduces itself by, once. Django would ask the resolver without a limit."""
    if not hasattr(DNS_NAME, "_fqdn"):
        try:
            name = within(seconds, "this machine", socket.getfqdn)
        except OSError:
            name = "localhost"
        DNS_NAME._fqdn = name


def within(seconds: float, question: object, ask: Callable[[], Any]) -> Any:
    """The answer of a function that may hang. One question is asked by one thread at a time."""
    with lock:
        answer = running.get(question)
        if answer is None:
            answer = running[question] = Future()
            threading.Thread(target=run, args=(question, ask, answer), daemon=True, name="resolver").start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        raise TimeoutError("the resolver took too long") from None


def run(question: object, ask: Callable[[], Any], answer: Future[Any]) -> None:
    try:
        result = ask()
    except Exception as fault:
        answer.set_exception(fault)
    else:
        answer.set_result(result)
    with lock:
        running.pop(question, None)
