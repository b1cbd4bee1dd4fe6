import logging
import os
from typing import Any

from channels.routing import get_default_application
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from twisted.internet.error import CannotListenError

from server.daphne_server import Server
from server.database import limit_queries


class Command(BaseCommand):
    help = "Serve the site's pages and sockets until stopped, as in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", default=settings.PORT, type=int, help="0 takes a free one (default: %(default)s)")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        limit_queries(settings.QUERY_WITHIN)
        try:
            Server(get_default_application(), host, port, self.say_where).run()
        except CannotListenError as fault:
            raise SystemExit(f"Cannot listen on {host}:{port}: {fault.socketError.strerror}.") from None
        logging.shutdown()
        os._exit(0)  # a view that is still running in its thread would keep the process alive

    def say_where(self, address: Any) -> None:
        host = f"[{address.host}]" if ":" in address.host else address.host
        self.stdout.write(f"Airside listens on http://{host}:{address.port}")
        self.stdout.flush()
