"""The reasons for delays: the numeric codes of IATA AHM 730."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbs.refusals import Refused

REASON_GROUPS = {
    "1": _("Passengers and baggage"),
    "2": _("Cargo and mail"),
    "3": _("Work on the ground"),
    "4": _("Technical"),
    "5": _("Damage and computers"),
    "6": _("Crew and flight plan"),
    "7": _("Weather"),
    "8": _("Traffic control and authorities"),
    "9": _("Late aircraft, and others"),
}


DELAY_REASONS = {
    "11": _("Late check-in of passengers"),
    "12": _("Late check-in, queues at the desks"),
    "13": _("Check-in error"),
    "14": _("More passengers than seats"),
    "15": _("Boarding takes longer"),
    "16": _("Commercial publicity or a passenger's convenience"),
    "17": _("Catering order late or wrong"),
    "18": _("Baggage is still being sorted"),
    "19": _("Passengers with reduced mobility are being helped aboard"),
    "21": _("Cargo papers"),
    "22": _("Cargo arrived late"),
    "23": _("Cargo accepted late"),
    "24": _("Cargo packed inadequately"),
    "25": _("More cargo than space"),
    "26": _("Warehouse is late"),
    "27": _("Mail papers"),
    "28": _("Mail arrived late"),
    "29": _("Mail accepted late"),
    "31": _("Aircraft papers late"),
    "32": _("Loading takes longer"),
    "33": _("Loading equipment is missing"),
    "34": _("Servicing equipment is missing"),
    "35": _("The cabin is being cleaned"),
    "36": _("The aircraft is being fuelled"),
    "37": _("Catering is late"),
    "38": _("Loading containers are missing"),
    "39": _("Technical equipment is missing"),
    "41": _("A technical fault is being repaired"),
    "42": _("Maintenance takes longer"),
    "43": _("An extra check of the aircraft"),
    "44": _("A spare part is on its way"),
    "45": _("A spare part is on its way from another station"),
    "46": _("The aircraft is being changed"),
    "47": _("The standby aircraft is not there yet"),
    "48": _("The cabin is being changed"),
    "51": _("The aircraft was damaged in flight"),
    "52": _("The aircraft was damaged on the ground"),
    "55": _("The departure control system is down"),
    "56": _("The cargo system is down"),
    "57": _("The flight plan system is down"),
    "58": _("Another computer system is down"),
    "61": _("The flight plan is late"),
    "62": _("Fuel or load is being changed"),
    "63": _("The crew boards late"),
    "64": _("A crew member is missing"),
    "65": _("A special request of the crew"),
    "66": _("The cabin crew boards late"),
    "67": _("A cabin crew member is missing"),
    "68": _("A special request of the cabin crew"),
    "69": _("The captain asked for a security check"),
    "71": _("Weather at the departure airport"),
    "72": _("Weather at the destination"),
    "73": _("Weather on the way"),
    "75": _("The aircraft is being de-iced"),
    "76": _("Snow, ice or water is being cleared from the airport"),
    "77": _("Weather stops work on the ground"),
    "81": _("Air traffic control: too many flights on the way"),
    "82": _("Air traffic control: staff or equipment on the way"),
    "83": _("Air traffic control: restrictions at the destination"),
    "84": _("Air traffic control: weather at the destination"),
    "85": _("Security checks take longer"),
    "86": _("Immigration, customs or health checks"),
    "87": _("Airport facilities"),
    "88": _("Restrictions at the destination"),
    "89": _("Restrictions at the departure airport"),
    "91": _("Waiting for passengers or baggage of another flight"),
    "92": _("An error in checking connecting passengers in"),
    "93": _("Late arrival of the aircraft"),
    "94": _("The cabin crew arrives late from another flight"),
    "95": _("The crew arrives late from another flight"),
    "96": _("The airline is rearranging its flights"),
    "97": _("A strike within the airline"),
    "98": _("A strike outside the airline"),
    "99": _("Another reason"),
}


def known_reason(code: str) -> str:
    """The code itself; "" means that no reason is known. Raises Refused for an unknown code."""
    if code and code not in DELAY_REASONS:
        raise Refused(gettext("“%(code)s” is no reason code of IATA AHM 730.") % {"code": code})
    return code


def reason_choices() -> list[Any]:
    """The reasons as choices of a form, in the groups of ten of the standard."""
    groups = [
        (
            group,
            [(code, format_lazy("{} ({})", words, code)) for code, words in DELAY_REASONS.items() if code[0] == ten],
        )
        for ten, group in REASON_GROUPS.items()
    ]
    return [("", _("No reason given")), *groups]
