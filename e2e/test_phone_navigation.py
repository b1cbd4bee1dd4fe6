"""On a phone the whole navigation is on the screen, also for staff of several places."""

from datetime import timedelta

from django.utils import timezone

from e2e.look import PHONE, sideways
from post.models import Message


def test_whoever_works_everywhere_sees_all_entries(signed_in, bob, bistro):
    bistro.staff.add(bob)
    ago = timezone.now() - timedelta(minutes=12)
    Message.objects.create(to="ada@example.org", subject="Your table", body="…", language="en", made_at=ago, due_at=ago)
    page = signed_in(bob)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto("/connection/")
    entries = page.get_by_role("navigation", name="Main").get_by_role("link")
    assert entries.count() >= 5
    for entry in entries.all():
        box = entry.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0], entry.inner_text()
        assert box["height"] >= 44
    assert sideways(page) <= 0
