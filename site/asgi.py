"""The ASGI application: pages by Django, sockets by the live layer."""

import os
from typing import cast

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402  (Django is set up above)
from django.conf import settings  # noqa: E402

from asgi_types import Application  # noqa: E402
from live.sockets import sockets  # noqa: E402
from server.concurrency import limit_concurrency  # noqa: E402
from server.probes import PATHS  # noqa: E402
from server.proxies import behind_proxies  # noqa: E402
from server.request_ids import with_request_ids  # noqa: E402
from server.request_threads import with_request_threads  # noqa: E402

http = limit_concurrency(
    with_request_threads(cast(Application, pages), keep=settings.REQUESTS_AT_ONCE),
    settings.REQUESTS_AT_ONCE,
    of_one=settings.REQUESTS_PER_ADDRESS,
    wait_within=settings.REQUESTS_WAIT,
    exempt=PATHS,
    apart=settings.STATIC_URL,
)
application = with_request_ids(behind_proxies(ProtocolTypeRouter({"http": http, "websocket": sockets()})))
