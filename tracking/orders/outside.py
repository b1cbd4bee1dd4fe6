"""Which addresses a webhook may have: those of other hosts on the public network, so that nobody reaches the inside by one.

``fault_of`` looks at the address as it is written, ``places_of`` at where its name leads at the moment of sending. What is
sent goes to the place that was looked at, and to no other one that the name has a moment later.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

PORTS = {"https": 443, "http": 80}
TRANSLATED = ip_network("64:ff9b::/96")  # of NAT64: an IPv4 address within an IPv6 one


class Inside(Exception):
    """It leads to an address that is not on the public network."""


def parts_of(url: str) -> SplitResult | None:
    """The parts of an address, None where it has none that can be called."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and (parts.port is None or parts.port) else None
    except ValueError:
        return None


def fault_of(url: str) -> str:
    """Why an address can't be used, in a sentence; "" where it can, as far as it can be seen without asking for its name."""
    parts = parts_of(url)
    schemes = ("https", "http") if settings.WEBHOOKS_INSIDE else ("https",)
    if parts is None or parts.scheme not in schemes:
        return _("Write an address that begins with https://.")
    if parts.username is not None or parts.password is not None:
        return _("Write the address without a user and a password.")
    try:
        literal = ip_address(str(parts.hostname))
    except ValueError:
        return ""
    return "" if is_outside(literal) else _("This address is not on the public network.")


def is_outside(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is on the public network; addresses that contain another one are judged by that one too."""
    if settings.WEBHOOKS_INSIDE:
        return True
    if isinstance(address, IPv6Address):
        if address.is_site_local:  # fec0::/10, which Python takes for global
            return False
        if address in TRANSLATED:
            return is_outside(IPv4Address(int(address) & 0xFFFFFFFF))
        for within in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())):
            if within is not None and not is_outside(within):
                return False
    return address.is_global and not address.is_multicast and not address.is_reserved


async def places_of(host: str, port: int) -> list[str]:
    """The network addresses of a host. Raises Inside where one of them is not public, OSError where it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    places = list(dict.fromkeys(str(info[4][0]) for info in found))
    for place in places:
        if not is_outside(ip_address(place.partition("%")[0])):
            raise Inside(_("This address is not on the public network."))
    return places
