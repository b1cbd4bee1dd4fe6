from tests.serving import *  # noqa: F403  (the server that pages and sockets are served by)
