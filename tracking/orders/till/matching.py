"""If-Match and If-None-Match (RFC 9110): whether a till knows something as it is now."""

from django.http import HttpRequest
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from tracking.orders.till.problems import Problem


def is_known(request: HttpRequest, etag: str) -> bool:
    """Whether the answer would be the one that the till has. Weak comparison: a proxy that compresses makes tags weak."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in {tag.removeprefix("W/") for tag in known}


def seen_by(request: HttpRequest, etag: str, revision: int) -> int | None:
    """The revision that a change is made on; None without If-Match. Raises Problem where the order is another one by now."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        return None
    known = parse_etags(header)
    if "*" not in known and etag not in {tag.removeprefix("W/") for tag in known}:
        raise Problem(
            412, "changed", _("The order has changed since. Get it, and look at it again."), headers={"ETag": etag}
        )
    return revision
