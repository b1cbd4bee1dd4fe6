from tests.serving import *  # noqa: F403  (the server that is tested)
