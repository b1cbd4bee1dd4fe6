"""What the demo is made of. Each app registers its part in its ``demo/setup.py``::

    about(10, "flights/demo/_about.html")        # what is real and what is made up: shown on every page of the demo

    @setup(order=10)
    def flights(demo):
        agent = demo.account("desk@airside.example", "Ana", "Ortiz", "flight desk")
        demo.start("replay", "day.csv")          # an actor: a command that ends with the demo

A part is set up at each start: it leaves what is there already as it is.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.core.management.base import CommandError

from accounts.models import User

MANAGE = [sys.executable, str(settings.BASE / "manage.py")]
PASSWORD = "holding-short-31L"  # noqa: S105  (of all the demo's accounts; everybody is meant to know it)


class Account(NamedTuple):
    """Somebody to sign in as, and what they do."""

    email: str
    name: str
    role: str


class Demo:
    """A demo that is being set up. ``url`` is where the site will listen; without one no actor is started."""

    def __init__(self, url: str = "") -> None:
        self.url = url
        self.accounts: list[Account] = []
        self.calls: list[tuple[tuple[str, ...], dict[str, str]]] = []  # of actors, with their environment
        self.actors: list[subprocess.Popen[bytes]] = []

    def account(self, email: str, first: str, last: str, role: str, *, superuser: bool = False) -> User:
        """The account, made if it is missing, and listed for people who want to sign in; ``role`` says what for."""
        self.accounts.append(Account(email, f"{first} {last}", role))
        user: User | None = User.objects.filter(email=email).first()
        make = User.objects.create_superuser if superuser else User.objects.create_user
        return user or make(email, PASSWORD, first_name=first, last_name=last)

    def start(self, *command: str, **environment: str) -> None:
        """Have an actor started once all is set up: a management command, which ends when this process does."""
        if self.url:
            self.calls.append((command, environment))

    def start_actors(self) -> None:
        for command, environment in self.calls:
            call = [*MANAGE, *command, f"--url={self.url}", f"--while-pid={os.getpid()}"]
            actor = subprocess.Popen(call, env={**os.environ, **environment}, stdin=subprocess.DEVNULL)  # noqa: S603
            self.actors.append(actor)


Setup = Callable[[Demo], None]
setups: list[tuple[int, Setup]] = []
abouts: list[tuple[int, str]] = []


def setup(order: int) -> Callable[[Setup], Setup]:
    """Register the decorated function, which sets up one part of the demo."""

    def register(part: Setup) -> Setup:
        setups.append((order, part))
        return part

    return register


def about(order: int, template: str) -> None:
    """Register a template that says what is real and what is made up."""
    abouts.append((order, template))


def about_templates() -> list[str]:
    return [template for _order, template in sorted(abouts)]


def set_up(url: str = "") -> Demo:
    """Set up all parts, in their order, and start the actors."""
    demo = Demo(url)
    for _order, part in sorted(setups, key=lambda registered: registered[0]):
        part(demo)
    demo.start_actors()
    return demo


def check_demo_mode() -> None:
    """Raise CommandError where demo mode is off: the demo's password is known to everybody."""
    if not settings.DEMO:
        raise CommandError("This is for demo mode, which is off: start it with make run, or set AIRSIDE_DEMO=1.")
