from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from links.views import open_link

KIND = "tests.page"  # of a link of a user, who stands for any thing that has links
NEW_YORK = ZoneInfo("America/New_York")
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"
COMPUTER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def thing(db):
    """What the link is for."""
    return User.objects.create_user("thing@example.org")


@pytest.fixture
def opens(rf, thing):
    """``opens(user, agent)``: open the thing's link with this browser; gives what was found."""

    def visit(user=None, agent=PHONE, token=None):
        request = rf.get("/", headers={"user-agent": agent} if agent else {}, REMOTE_ADDR="203.0.113.7")
        request.user = user or AnonymousUser()
        return open_link(request, User.objects.all(), token or thing.token_for(KIND), KIND)

    return visit
