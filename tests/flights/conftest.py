from tests.flights.days import *  # noqa: F403
