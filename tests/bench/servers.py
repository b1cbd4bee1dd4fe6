"""The servers that are compared, each a process of its own.

    python -m tests.bench.servers (airside|booking|door|sale|selling|searching|kitchen|hostile|screens|tutorial|limit) BYTES PORT

``/bench/change`` makes one change and answers with the moment of its commit and the CPU used until then;
``/bench/changes`` changes 20 rows, and ``/bench/flood`` all; ``/bench/usage`` is what the process has used, and how many
of its readers stall; ``/bench/address`` is that of the socket, and of a page that opens one.
"""

import asyncio
import base64
import hashlib
import json
import os
import re
import sys
import time
from pathlib import Path

WEBSOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def usage():
    """What this process has used: seconds of CPU, all threads, and resident bytes now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {"cpu": time.process_time(), "memory": pages * os.sysconf("SC_PAGE_SIZE")}


def stalled(server):
    """The connections of a Daphne that have something to read which the kernel no longer takes."""
    transports = [getattr(connection, "transport", None) for connection in list(server.connections)]
    return sum(bool(one and (one.dataBuffer or one._tempDataLen)) for one in transports)


def ready(address=None):
    print("ready", flush=True)


# Airside: the application and the server as they are


def airside(port, length, fill=dict):
    board = prepare()
    from django.conf import settings

    from asgi import application
    from server.daphne_server import Server

    further = fill()
    region = board.region()

    def address():
        version = region.render().version
        return {
            "address": f"/ws/{region.address}&v={version}",
            "version": version,
            "page": "/flights/JFK/departures/",
            "release": settings.RELEASE,
        }

    answers = {
        "change": board.change,
        "changes": lambda: board.change_many(20),
        "flood": lambda: board.change_many(331),
        "usage": lambda: {**usage(), "stalled": stalled(server)},
        "address": address,
        **further,
    }
    server = Server(with_bench(application, answers), settings.HOST, port, ready)
    server.run()


def hostile(port, length):
    """Airside with a restaurant to book at, and people who have an account."""

    def fill():
        from tests.bench import people, restaurant

        restaurant.fill()
        return {"people": people.sessions, "slots": restaurant.slots, "flights": lambda: {"flights": board_flights()}}

    airside(port, length, fill)


def screens(port, length):
    """Airside with screens, and people who see them."""

    def fill():
        from tests.bench.screens import scene

        return scene.fill()

    airside(port, length, fill)


def board_flights():
    from tracking.flights.models import Flight

    return list(Flight.objects.order_by("pk").values_list("pk", flat=True))


def booking(port, length):
    """Airside with a restaurant that sells its last tables."""
    prepare()
    from django.conf import settings

    from asgi import application
    from server.daphne_server import Server
    from tests.bench import restaurant

    restaurant.fill()
    answers = {
        "usage": usage,
        "last_tables": lambda: restaurant.last_tables(length),
        "sold": restaurant.sold,
        "book": lambda: restaurant.book(5000),
        "availability": restaurant.availability,
    }
    Server(with_bench(application, answers), settings.HOST, port, ready).run()


def selling(port, length):
    """Airside with a flight that sells its last seats."""
    prepare()
    from django.conf import settings

    from asgi import application
    from server.daphne_server import Server
    from tests.bench import airline

    airline.fill()
    answers = {"last_seats": lambda: airline.last_seats(length), "sold": airline.sold, "bare": airline.bare}
    Server(with_bench(application, answers), settings.HOST, port, ready).run()


def searching(port, length):
    """Airside with a timetable of thirty days."""
    prepare()
    from django.conf import settings

    from asgi import application
    from server.daphne_server import Server
    from tests.bench import timetable

    timetable.fill()
    answers = {
        "search": timetable.measure,
        "change": timetable.change,
        "usage": lambda: {**usage(), "renderings": timetable.renderings()},
        "address": timetable.address,
    }
    Server(with_bench(application, answers), settings.HOST, port, ready).run()


def kitchen(port, length):
    """Airside with a shop that has many open orders, or few portions left."""
    prepare()
    from django.conf import settings

    from asgi import application
    from server.daphne_server import Server
    from tests.bench import kitchen

    kitchen.fill()
    answers = {
        "open_orders": lambda: kitchen.open_orders(length),
        "renderings": kitchen.renderings,
        "last_portions": lambda: kitchen.last_portions(length),
        "sold": kitchen.sold,
        "bare": kitchen.bare,
    }
    Server(with_bench(application, answers), settings.HOST, port, ready).run()


def door(port, length):
    """Airside with an event whose guests come in."""
    prepare()
    from django.conf import settings

    from asgi import application
    from server.daphne_server import Server
    from tests.bench import evening

    evening.fill()
    answers = {"guests": lambda: evening.guests(length), "inside": evening.inside, "bare": evening.bare}
    Server(with_bench(application, answers), settings.HOST, port, ready).run()


def sale(port, length):
    """Airside with an event that sells out."""
    prepare()
    from django.conf import settings

    from asgi import application
    from server.daphne_server import Server
    from tests.bench import sale

    sale.fill()
    Server(with_bench(application, sale.answers(length)), settings.HOST, port, ready).run()


def audience(port, length):
    """Airside with an event that is on, whose audience votes."""
    prepare()
    from django.conf import settings

    from asgi import application
    from server.daphne_server import Server
    from tests.bench import audience, evening

    evening.fill()
    answers = {
        "audience": lambda: audience.audience(length),
        "address": audience.address,
        "renderings": audience.renderings,
        "counted": audience.counted,
    }
    Server(with_bench(application, answers), settings.HOST, port, ready).run()


def prepare():
    """Django with a database of its own, and the board in it."""
    root = Path(__file__).resolve().parent.parent.parent
    sys.path[:0] = [str(root), str(root / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from tests.bench import board

    board.fill()
    return board


def with_bench(application, answers):
    """The application, and what the bench asks of its process."""
    from asgiref.sync import sync_to_async

    async def asked(scope, receive, send):
        answer = scope["type"] == "http" and answers.get(scope["path"].removeprefix("/bench/"))
        if not answer:
            await application(scope, receive, send)
            return
        said = await sync_to_async(answer)()
        body = (said if isinstance(said, str) else json.dumps(said)).encode()
        headers = [(b"content-type", b"text/html"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return asked


# The tutorial way: a consumer for each socket, a group, and each consumer renders what it sends; stock Daphne


PAGE = """<!doctype html><link rel="icon" href="data:,"><table><tbody>{}</tbody></table><script>
new WebSocket(`ws://${{location.host}}/ws/board/`).onmessage = (event) => {{
  const told = document.createElement("template");
  told.innerHTML = event.data;
  document.getElementById(told.content.firstElementChild.id).replaceWith(told.content);
}};
</script>"""


def tutorial(port, length):
    board = prepare()
    from asgiref.sync import async_to_sync
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.layers import get_channel_layer
    from channels.routing import ProtocolTypeRouter, URLRouter
    from daphne.server import Server
    from django.core.asgi import get_asgi_application
    from django.template.loader import render_to_string
    from django.urls import path

    from live.regions import strip_line_breaks

    region = board.region()
    send = async_to_sync(get_channel_layer().group_send)

    class Consumer(AsyncWebsocketConsumer):
        async def connect(self):
            await self.channel_layer.group_add("board", self.channel_name)
            await self.accept()

        async def disconnect(self, code):
            await self.channel_layer.group_discard("board", self.channel_name)

        async def row_changed(self, event):
            await self.send(text_data=strip_line_breaks(render_to_string(region.row_template, event["context"])))

        async def flood(self, event):
            await self.send(text_data=event["text"])

    def change():
        flights = []
        changed = board.change(flights.append)
        row = next(row for row in region.rows() if row.id == flights[0].pk)
        send("board", {"type": "row.changed", "context": {"row": row, "row_id": region.row_id(row)}})
        return changed

    def flood():
        board.change_many(331)
        send("board", {"type": "flood", "text": region.render().html})
        return {}

    answers = {
        "change": change,
        "flood": flood,
        "usage": lambda: {**usage(), "stalled": stalled(server)},
        "address": lambda: {"address": "/ws/board/", "page": "/bench/page"},
        "page": lambda: PAGE.format("".join(region.render().rows.values())),
    }
    application = ProtocolTypeRouter(
        {"http": get_asgi_application(), "websocket": URLRouter([path("ws/board/", Consumer.as_asgi())])}
    )
    raise_file_limit()
    # A backlog of 50, its default, would be all that connecting shows.
    endpoint = f"tcp:{port}:interface=127.0.0.1:backlog=4096"
    server = Server(with_bench(application, answers), endpoints=[endpoint], ready_callable=ready)
    server.run()


# The limit: nothing but writing one ready frame to each socket


def limit(port, length):
    import uvloop

    payload = b"x" * (length - 4)
    frame = bytes((0x81, 126)) + len(payload).to_bytes(2, "big") + payload
    sockets = set()

    def change():
        now = {**usage(), "committed": time.monotonic()}
        for socket in sockets:
            socket.write(frame)
        return now

    answers = {b"change": change, b"usage": usage, b"address": lambda: {"address": "/"}}

    class Connection(asyncio.Protocol):
        def connection_made(self, transport):
            self.transport = transport

        def data_received(self, data):
            if key := re.search(rb"Sec-WebSocket-Key: (\S+)", data):
                accept = base64.b64encode(hashlib.sha1(key[1] + WEBSOCKET).digest())
                self.transport.write(
                    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
                )
                sockets.add(self.transport)
            elif asked := re.match(rb"\w+ /bench/(\w+)", data):
                body = json.dumps(answers[asked[1]]()).encode()
                self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

        def connection_lost(self, fault):
            sockets.discard(self.transport)

    async def serve():
        server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", port, backlog=4096)
        ready()
        await server.serve_forever()

    raise_file_limit()
    uvloop.run(serve())


def raise_file_limit():
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    kind, length, port = sys.argv[1:]
    kinds = {
        "airside": airside,
        "audience": audience,
        "booking": booking,
        "door": door,
        "hostile": hostile,
        "sale": sale,
        "kitchen": kitchen,
        "screens": screens,
        "searching": searching,
        "selling": selling,
        "tutorial": tutorial,
        "limit": limit,
    }
    kinds[kind](int(port), int(length))
