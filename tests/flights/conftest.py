from tests.flights.days import *  # noqa: F403
from tests.serving import *  # noqa: F403  (the server that feeds talk to)
