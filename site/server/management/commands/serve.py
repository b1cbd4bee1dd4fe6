import logging
import os

from channels.routing import get_default_application
from django.conf import settings
from django.core.management.base import BaseCommand
from twisted.internet.error import CannotListenError

from server.daphne_server import Server


class Command(BaseCommand):
    help = "Serve the site, pages and sockets, until told to stop; as in production."

    def add_arguments(self, parser):
        parser.add_argument("--host", default=settings.HOST, help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", default=settings.PORT, type=int, help="0 takes a free one (default: %(default)s)")

    def handle(self, *, host, port, **options):
        try:
            Server(get_default_application(), host, port, self.say_where).run()
        except CannotListenError as fault:
            raise SystemExit(f"Cannot listen on {host}:{port}: {fault.socketError.strerror}.") from None
        logging.shutdown()
        os._exit(0)  # a view that runs on in its thread would hold the process

    def say_where(self, address):
        host = f"[{address.host}]" if ":" in address.host else address.host
        self.stdout.write(f"Airside listens on http://{host}:{address.port}")
        self.stdout.flush()
