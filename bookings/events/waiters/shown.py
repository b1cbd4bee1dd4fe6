"""What a party on the waitlist is told: how many it is, what is kept for it, who is before it, and why it waits."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.events.models import Capacity, WaitlistEntry
from bookings.events.models.serving import Decision, Party, Simulation, Step, Why
from clocks import clock, when


class Shown(NamedTuple):
    """``sentence``: "3 of you; 2 places are being gathered for you until 14:05; 4 before you in line"."""

    sentence: str
    before: int
    why: str
    gathered: int
    gathers_until: datetime | None


def shown(entry: WaitlistEntry, now: datetime) -> Shown | None:
    """None for a party that does not wait."""
    simulation = Capacity.read(entry.event, now).after_waitlist
    decision = next((one for one in simulation.decisions() if one.party.key == entry.pk), None)
    if decision is None:
        return None
    party, before = decision.party, len(parties_before(decision.party, simulation))
    until = party.gathers_until if party.gathered else None
    parts = [of_you(party.size), gathered_words(party, entry.event.tz), before_words(before)]
    return Shown("; ".join(filter(None, parts)) + ".", before, why(entry, decision), party.gathered, until)


def parties_before(party: Party, simulation: Simulation) -> list[Party]:
    """Those that joined earlier and want places of the same quotas."""
    parties = simulation.parties
    return [other for other in parties[: parties.index(party)] if simulation.competes(other, party)]


def of_you(size: int) -> str:
    return ngettext("One of you", "%(size)s of you", size) % {"size": size}


def gathered_words(party: Party, tz: Any) -> str:
    if not party.gathered:
        return ""
    text = ngettext(
        "%(count)s place is being gathered for you until %(until)s",
        "%(count)s places are being gathered for you until %(until)s",
        party.gathered,
    )
    return text % {"count": party.gathered, "until": clock(party.gathers_until, tz)}


def before_words(before: int) -> str:
    if not before:
        return _("nobody before you in line")
    return ngettext("%(count)s before you in line", "%(count)s before you in line", before) % {"count": before}


def why(entry: Any, decision: Decision) -> str:
    """Why it has no places now, as the party is told."""
    if decision.step == Step.GATHER:
        missing = decision.party.size - decision.count
        text = ngettext(
            "%(missing)s more is needed. If none comes in time, these go on, and you keep your position.",
            "%(missing)s more are needed. If they do not come in time, these go on, and you keep your position.",
            missing,
        )
        return text % {"missing": missing}
    return words_of(
        entry,
        decision,
        ngettext(
            "%(count)s place is free: too few for all of you.",
            "%(count)s places are free: too few for all of you.",
            decision.count,
        ),
        _("Places that come back are gathered for a group that joined before you."),
        _(
            "The places that were gathered for you until %(when)s were too few. Those who joined after you and need fewer places "
            "come first now."
        ),
    )


def why_words(entry: Any, decision: Decision) -> str:
    """The same for the organisers."""
    return words_of(
        entry,
        decision,
        ngettext(
            "%(count)s place is free: too few for this party.",
            "%(count)s places are free: too few for this party.",
            decision.count,
        ),
        _("Places that come back are gathered for a group before this party."),
        _("Places were gathered until %(when)s, and were too few. Those behind who fit come first now."),
    )


def words_of(entry: Any, decision: Decision, too_few: str, kept: str, rests: str) -> str:
    """The reason of a decision; "" for none. What is about the party comes in the words of who reads it."""
    if decision.why is None:
        return ""
    text = {
        Why.NOT_ON_SALE: _("These tickets are not on sale now: nobody gets an offer for them."),
        Why.NOTHING_FREE: _("No place is free now."),
        Why.TOO_FEW: too_few,
        Why.KEPT: kept,
        Why.RESTS: rests,
    }[decision.why]
    return text % {"count": decision.count, "when": when(entry.passed_on_at, entry.event.tz)}
