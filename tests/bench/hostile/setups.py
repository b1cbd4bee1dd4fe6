"""The set-ups that are attacked: one process on SQLite; two on PostgreSQL and Redis, behind nginx as deploy/ has it."""

import socket
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench.processes import can_scale, serving, serving_scaled
from tests.bench.tables import note
from tests.scaled.parts import Nginx, program_or_none

SETUPS = {"sqlite": "SQLite, 1 process", "scaled": "PostgreSQL and Redis, 2 processes behind nginx"}
if not (can_scale() and program_or_none("nginx")):
    note("hostile: PostgreSQL, Redis or nginx is not installed, so it goes on SQLite alone")
    del SETUPS["scaled"]


class SetUp(NamedTuple):
    servers: list
    port: int  # where visitors and attackers come in
    database: str
    people: list
    slots: list
    flights: list

    @property
    def control(self):
        return self.servers[0].port

    def boards(self, how_many):
        """The addresses of the sockets that watch the board, as its page just made has them."""
        return [self.servers[0].ask("address")["address"]] * how_many

    @property
    def visits(self):
        """Live parts that a new visitor opens: most of them nobody shows yet."""
        pages = [f"/ws/flight/{pk}/?v=" for pk in self.flights]
        return [path for pk in pages for path in (pk, "/ws/flights/?q=delta&v=", "/ws/departures/JFK/?v=")]

    @property
    def pages(self):
        flights = [f"/flights/{pk}/" for pk in self.flights]
        others = ["/", "/flights/JFK/departures/", "/restaurants/bench/", "/flights/?q=delta", "/static/css/site.css"]
        return [path for flight in flights for path in (*others, flight)]


@contextmanager
def serving_hostile(kind):
    with ExitStack() as stack:
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=4096))  # accepts, and says nothing
        options = {
            "EMAIL_URL": f"smtp://127.0.0.1:{silent.getsockname()[1]}",
            "SECRET_KEY": "one for all processes, by which they know the sessions of one another",
        }
        if kind == "scaled":
            servers = stack.enter_context(serving_scaled("hostile", AIRSIDE_TRUSTED_PROXIES="127.0.0.1", **options))
            port = stack.enter_context(Nginx([server.port for server in servers])).port
            database = servers[0].environment["DATABASE_URL"]
        else:
            servers = [stack.enter_context(serving("hostile", **options))]
            port = servers[0].port
            database = str(Path(servers[0].environment["AIRSIDE_DATA"]) / "airside.sqlite3")
        asked = {name: servers[0].ask(name)[name] for name in ("people", "slots", "flights")}
        yield SetUp(servers, port, database, **asked)
