"""How often a password may be tried, so that nobody can guess it or keep its owner out.

| who tries | what is counted | bound |
|---|---|---|
| a device that has signed in to this account before | wrong passwords of this device for this account | 10 in 5 minutes |
| any other | wrong passwords of one address for this account | 5 in 5 minutes |
| | the same, after many wrong passwords for this account from all addresses | 1 in 5 minutes |
| | wrong passwords of one address for all accounts | AIRSIDE_WRONG_PASSWORDS in 10 minutes |

What others do never counts for a known device: it has its own counter. An owner on a new device has one try even while the
account is attacked from many addresses, and the link of a password reset signs in without any try. An account that does not
exist is counted like one that does.
"""

from django.conf import settings
from django.http import HttpRequest
from prometheus_client import Counter

import limits
from accounts import devices
from limits import HOUR, MINUTE, TEN_MINUTES, TooMany

FIVE_MINUTES = 5 * MINUTE
OF_DEVICE = 10
OF_ADDRESS = 5
ATTACKED = 100  # wrong passwords for one account in an hour, from all unknown devices
OF_ADDRESS_WHEN_ATTACKED = 1

refused = Counter(
    "airside_sign_in_refused", "Tries to sign in that were refused unread, as there were too many.", ["by"]
)


class Try:
    """One try. It counts as a wrong password until ``was_right()`` says otherwise. Raises TooMany."""

    def __init__(self, request: HttpRequest, account: str) -> None:
        account = account.strip().lower()
        self.counted: list[tuple[str, object]] = []
        if device := devices.known(request, account):
            self.count("device", (device, account), OF_DEVICE, FIVE_MINUTES)
            return
        address = limits.address(request)
        attacked = limits.now("sign-in-account", account) > ATTACKED
        most = OF_ADDRESS_WHEN_ATTACKED if attacked else OF_ADDRESS
        self.count("account", (address, account), most, FIVE_MINUTES)
        self.count("address", address, settings.WRONG_PASSWORDS, TEN_MINUTES)
        limits.count("sign-in-account", account, HOUR)
        self.counted.append(("sign-in-account", account))

    def count(self, by: str, who: object, most: int, within: int) -> None:
        try:
            limits.check(f"sign-in-{by}", who, most, within)
        except TooMany:
            refused.labels(by).inc()
            raise
        self.counted.append((f"sign-in-{by}", who))

    def was_right(self) -> None:
        for scope, who in self.counted:
            limits.give_back(scope, who)
