"""The page of an event, and what it says when places were asked for that are gone."""

from typing import Any, NamedTuple
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

import limits
from bookings.events.attendees import left, reading
from bookings.events.attendees.forms import ChooseForm, VoucherForm
from bookings.events.attendees.presence import ticket_of
from bookings.events.attendees.reading import Reading
from bookings.events.attendees.regions import DraftAbout, DraftPlaces, EventAbout, EventPlaces, OwnEventPlaces
from bookings.events.models import Event, EventState, Registration, State, Voucher, WaitlistEntry
from bookings.events.schema_org import page_data
from bookings.events.waiters.own import entries_of
from clocks import clock
from limits import address
from live.regions import Region, find
from shared_reads import read_once
from strangers import asker_of
from structured import structured

MOST_ENTRIES = 5  # whose tokens are in the address of the page's region
CODES = 60  # unknown vouchers of one address in ten minutes: then it learns of none whether it is known


class Whole(NamedTuple):
    """An event as everybody sees it at one moment: nothing that is held counts as free, and no voucher."""

    places: Reading
    about: Region  # rendered, as the next one is
    region: Region  # its places
    has_programme: bool
    structured: SafeString  # for programs

    @classmethod
    def read(cls, event: Event) -> "Whole":
        places = reading.read(event, timezone.now())
        is_draft = event.state == EventState.DRAFT
        about = (DraftAbout if is_draft else EventAbout)(slug=event.slug)
        about.event = event
        region = (DraftPlaces if is_draft else EventPlaces)(slug=event.slug).as_read(places)
        for each in (about, region):
            each.rendered = each.render(fresh=False)
        return cls(places, about, region, event.sessions.exists(), structured(event_data(places)))

    @property
    def event(self) -> Event:
        found: Event = self.places.event
        return found


def public_event(request: HttpRequest, slug: str) -> Whole:
    """Read once for all who ask for it at the same moment. Raises Http404 for drafts too."""
    return read_once(request, ("event", slug, get_language()), lambda: Whole.read(published(slug)))


def published(slug: str) -> Event:
    return Event.objects.public().prefetch_related("types").named(slug)


def event_for(request: HttpRequest, slug: str) -> Whole:
    """Everybody sees what is published; organisers see their drafts. Raises Http404."""
    try:
        return public_event(request, slug)
    except Http404:
        drafts = Event.objects.of(request.user).distinct().prefetch_related("types")
        return Whole.read(drafts.named(slug))


class Seen(NamedTuple):
    """What a browser sees of an event at one moment, read once for its whole page: what it holds itself counts as free, and
    what its voucher reserves."""

    whole: Whole
    own: Any  # its hold; None for nothing
    voucher: Voucher | None
    voucher_problem: str
    places: Reading
    region: Region
    entries: list[WaitlistEntry]  # its own, on the waitlist

    @classmethod
    def by(cls, request: HttpRequest, whole: Whole, asked: VoucherForm) -> "Seen":
        event = whole.event
        own = own_hold(request, event)
        voucher, problem = voucher_and_problem(request, event, asked)
        entries = entries_of(request, event)[:MOST_ENTRIES]
        if own is None and voucher is None and not entries:
            return cls(whole, own, voucher, problem, whole.places, whole.region, entries)
        places = reading.read(event, timezone.now(), own, voucher)
        region = OwnEventPlaces.of(event, own, voucher, entries).as_read(places)
        return cls(whole, own, voucher, problem, places, region, entries)

    def rows(self) -> list[left.TypeRow]:
        return left.type_rows(self.places.event, self.places, self.places.now, self.voucher, self.entries)


class Rest(NamedTuple):
    """A type of which fewer are left than somebody wanted. ``count``: what can be held of it instead."""

    id: int
    name: str
    wanted: int
    count: int
    words: str
    may_wait: bool


def own_hold(request: HttpRequest, event: Event) -> Any:
    """What this browser holds at an event; None for nothing."""
    if not request.session.session_key:
        return None
    held = Registration.objects.filter(event=event, state=State.HELD, asked_by=asker_of(request).browser).holding()
    return held.order_by("pk").last()


def voucher_of(request: HttpRequest, event: Event, code: str) -> Voucher | None:
    """The voucher of a code, None where it opens nothing now. Codes are not for guessing: raises ``limits.TooMany``."""
    if not code:
        return None
    who = address(request)
    if limits.now("vouchers", who) >= CODES:
        raise limits.TooMany(limits.TEN_MINUTES)
    voucher = event.vouchers.filter(code=code).first()
    if voucher is None:
        limits.count("vouchers", who, limits.TEN_MINUTES)
    return voucher if voucher and voucher.is_valid() and voucher.uses < voucher.most else None


def event_page(
    request: HttpRequest, seen: Seen, form: ChooseForm | None = None, status: int = 200, **said: Any
) -> HttpResponse:
    """The page of an event. ``said``: ``problem``, a sentence, and ``rest``, what can be held instead."""
    event, own, voucher, now = seen.whole.event, seen.own, seen.voucher, seen.places.now
    is_draft = event.state == EventState.DRAFT
    if form is None:
        form = ChooseForm(event, seen.rows(), voucher=voucher.code if voucher else "")
    context = {
        "event": event,
        "about": seen.whole.about,
        "form": form,
        "voucher": voucher,
        "voucher_words": voucher_words(voucher) if voucher else "",
        "voucher_problem": seen.voucher_problem,
        "places": seen.region,
        "is_draft": is_draft,
        "organises": Event.objects.of(request.user).filter(pk=event.pk).exists(),
        "is_on_sale": event.is_on_sale(now),
        "takes_waiters": event.takes_waiters(now),
        "closed": left.closed_words(event, now),
        "programme": programme_of(event) if seen.whole.has_programme and not is_draft else None,
        "structured": seen.whole.structured,
        "own": own,
        "own_count": own.tickets.count() if own else 0,
        "own_until": clock(own.expires_at, event.tz) if own else "",
        "rest_count": sum(each.count for each in said.get("rest", ())),
        "ticket": ticket_of(request, event),
        "page_airport": event.hall.airport,
        "new_key": uuid4(),
        **said,
    }
    return render(request, "events/attendees/event.html", context, status=status)


def programme_of(event: Event) -> Region:
    """Found by its address: the room of the programme stands on this one."""
    return find(f"event-programme/{event.slug}/")


def event_data(found: Reading) -> dict[str, Any]:
    """The event for programs."""
    event, now = found.event, found.now
    total = left.left_of_event(event, found, event.types.all(), now)
    sold = [type_.pk for type_ in event.types.all() if not type_.is_hidden]
    size = sum(found.most_together(sold).values())
    return page_data(event, left.type_rows(event, found, now), total, size, not left.closed_words(event, now))


def voucher_and_problem(request: HttpRequest, event: Event, asked: VoucherForm) -> tuple[Voucher | None, str]:
    """The voucher that was asked with, and what is wrong with it."""
    code = asked.cleaned_data["voucher"] if asked.is_valid() else ""
    voucher = voucher_of(request, event, code)
    is_known = not code or voucher is not None
    return voucher, "" if is_known else _("This voucher is not valid for this event, or is used up.")


def voucher_words(voucher: Voucher) -> str:
    """What a voucher gives."""
    words = {"code": voucher.code, "discount": voucher.discount, "left": voucher.most - voucher.uses}
    if voucher.discount:
        return _("Voucher %(code)s gives %(discount)s %% off, %(left)s times.") % words
    return _("Voucher %(code)s can be used for %(left)s places.") % words


def rest_of(form: ChooseForm, seen: Seen) -> list[Rest]:
    """What is left of each type that was wanted: all of it could be held together."""
    wanted = {type_: count for type_, count in form.wanted.items() if count}
    together = seen.places.together(wanted, wanted)
    return [
        Rest(
            row.id,
            row.name,
            wanted[row.id],
            together[row.id],
            rest_words(row.name, wanted[row.id], together[row.id]),
            row.has_waitlist and not row.waiting and together[row.id] < wanted[row.id],
        )
        for row in form.types
        if row.id in wanted
    ]


def rest_words(name: str, wanted: int, count: int) -> str:
    words = {"name": name, "wanted": wanted, "count": count}
    if not count:
        return _("%(name)s: none left.") % words
    if count == wanted:
        return _("%(name)s: %(count)s, as you wanted.") % words
    text = ngettext(
        "%(name)s: %(count)s is left of the %(wanted)s that you wanted.",
        "%(name)s: %(count)s are left of the %(wanted)s that you wanted.",
        count,
    )
    return text % words
