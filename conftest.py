"""What all tests share, those in tests/ and those with a browser in e2e/."""

pytest_plugins = [
    "tests.clock",
    "tests.cast.people",
    "tests.cast.flights",
    "tests.cast.restaurants",
    "tests.cast.seats",
    "tests.cast.orders",
    "tests.cast.events",
    "tests.cast.doors",
    "tests.serving",
    "tests.publishing",
    "tests.scheduling",
    "tests.effort",
]
