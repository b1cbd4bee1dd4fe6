import socket

import pytest

from post.mail import post
from post.models import Message
from tests.post.servers import MailServer

TEMPLATE = "tests/hello"


@pytest.fixture(autouse=True)
def templates(settings):
    """``tests/hello``: a mail in each language, with a name in its subject and in its text."""
    files = {
        "tests/hello_subject.txt": "{% load i18n %}{% translate 'Cancelled' context 'a reservation' %}: {{ name }}\n",
        "tests/hello_message.txt": "Dear {{ name }}\n\nGate {{ gate }}\n",
    }
    loader = ("django.template.loaders.locmem.Loader", files)
    options = {"loaders": [loader], "libraries": {"clocks": "clocks"}}
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": options}]


@pytest.fixture
def write(db):
    """Write a mail to an address; gives its Message."""

    def one(to="ada@example.org", name="Ada", language="en", **options):
        (message,) = post(TEMPLATE, to, {"name": name, "gate": "B22"}, language, **options)
        return message

    return one


@pytest.fixture
def mail_server(settings):
    """``mail_server(answers, delay=0)``: a mail server, which the site uses from then on."""
    started = []

    def start(answers=None, **options):
        server = MailServer(answers, **options)
        started.append(server)
        use(settings, server.port)
        return server

    yield start
    for server in started:
        server.close()


@pytest.fixture
def no_mail_server(settings):
    """A mail server that takes no connection."""
    with socket.socket() as bound:  # to a port, where it does not listen
        bound.bind(("127.0.0.1", 0))
        use(settings, bound.getsockname()[1])
        yield


def use(settings, port):
    settings.EMAIL_BACKEND = "post.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "Airside <desk@airside.example>"


@pytest.fixture
def again(db):
    """A message as the database has it now."""
    return lambda message: Message.objects.get(pk=message.pk)
