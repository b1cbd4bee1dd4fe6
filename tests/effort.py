"""How many examples Hypothesis tries: ``make test-fast`` asks for a tenth (``--hypothesis-profile fast``)."""

from hypothesis import settings

# Tests assert no times. Machines that are busy take longer for an example.
settings.register_profile("full", max_examples=100, deadline=None)
settings.register_profile("fast", max_examples=10, deadline=None)
settings.load_profile("full")


def examples(number: int) -> int:
    """For a test that tries another number than the profile: that, and as few of it as the profile says."""
    return max(number * settings().max_examples // 100, 1)
