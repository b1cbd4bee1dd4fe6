"""A resolver that hangs costs one time limit, one thread, and no mail."""

import socket
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings as site_settings
from django.core.mail.utils import DNS_NAME
from django.utils import timezone

from post import resolving
from post.models import Message
from post.sending import send_due
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def resolver(monkeypatch):
    """The system's resolver, which hangs until ``answers`` is set."""
    answers, real = threading.Event(), socket.getaddrinfo

    def hang(host, *args, **options):
        if host == "mail.example":
            answers.wait(60)
            host = "127.0.0.1"
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield answers
    answers.set()
    until(lambda: not resolving.running)


def test_it_costs_one_limit_a_round_and_one_thread_and_the_mail_goes_out_later(
    write, mail_server, again, settings, resolver
):
    server = mail_server()
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "mail.example", 0.3
    message, other = write(), write("bob@example.org")
    for _ in range(3):
        Message.objects.update(due_at=timezone.now())
        send_due()
    assert again(message).problem == "no answer in time" and again(message).state == again(other).state == "waiting"
    assert len([thread for thread in threading.enumerate() if thread.name == "resolver"]) == 1
    resolver.set()
    until(lambda: not resolving.running)
    settings.EMAIL_TIMEOUT = 10
    Message.objects.update(due_at=timezone.now())
    send_due()
    assert {to for to, _mail in server.taken} == {"ada@example.org", "bob@example.org"}


def test_a_name_that_nobody_knows_is_tried_again(write, mail_server, again, settings):
    mail_server()
    settings.EMAIL_HOST = "no-such-name.invalid"
    message = write()
    send_due()
    assert again(message).state == "waiting" and again(message).problem.startswith("gaierror")


def test_this_machines_own_name_is_no_reason_to_wait(write, mail_server, again, settings, monkeypatch):
    hangs = threading.Event()
    monkeypatch.setattr(socket, "getfqdn", lambda *name: hangs.wait(60))
    monkeypatch.delattr(DNS_NAME, "_fqdn", raising=False)
    mail_server()
    settings.EMAIL_TIMEOUT = 2
    message = write()
    began = time.monotonic()
    send_due()
    took = time.monotonic() - began
    hangs.set()
    until(lambda: not resolving.running)
    del DNS_NAME._fqdn
    assert again(message).state == "sent" and took < 30, "the resolver would take 60"


def test_the_process_ends_while_a_resolver_hangs(tmp_path):
    program = """
import sys, time
sys.path.insert(0, "site")
import django; django.setup()
from post import resolving
try:
    resolving.within(0.1, "hangs", lambda: time.sleep(600))
except TimeoutError:
    print("over")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=site_settings.BASE, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "over\n"), done.stderr
