"""The ASGI application: pages by Django, sockets by the live layer."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402  (Django is set up above)

from live.sockets import sockets  # noqa: E402

application = ProtocolTypeRouter({"http": pages, "websocket": sockets()})
