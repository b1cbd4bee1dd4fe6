"""A model that is paid for, for the tests: a parking ticket."""
