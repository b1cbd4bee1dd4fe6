"""Codes of the field: the phases of a flight, and its public states.

Public states are Schiphol's two lists (departures: SCH DEL WIL GTO BRD GCL GTD DEP CNX GCH TOM; arrivals: SCH AIR EXP
FIR LND FIB ARR DIV CNX TOM). Several hold at once.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Phase(TextChoices):
    """The phases of a flight, in order. A flight is in one of them."""

    SCHEDULED = "scheduled", _("Scheduled")
    CHECK_IN = "check_in", _("Check-in open")
    LOUNGE = "lounge", _("Wait in lounge")
    GATE_OPEN = "gate_open", _("Gate open")
    BOARDING = "boarding", _("Boarding")
    FINAL_CALL = "final_call", _("Final call")
    GATE_CLOSED = "gate_closed", _("Gate closed")
    DEPARTED = "departed", _("Departed")
    AIRBORNE = "airborne", _("In the air")
    EXPECTED = "expected", _("Landing soon")
    FINAL_APPROACH = "final_approach", _("Final approach")
    LANDED = "landed", _("Landed")
    FIRST_BAG = "first_bag", _("Baggage on belt")
    ARRIVED = "arrived", _("Arrived")
    CANCELLED = "cancelled", _("Cancelled")


AT_GATE = (
    Phase.SCHEDULED,
    Phase.CHECK_IN,
    Phase.LOUNGE,
    Phase.GATE_OPEN,
    Phase.BOARDING,
    Phase.FINAL_CALL,
    Phase.GATE_CLOSED,
)
EN_ROUTE = (Phase.DEPARTED, Phase.AIRBORNE, Phase.EXPECTED, Phase.FINAL_APPROACH)
ON_GROUND = (Phase.LANDED, Phase.FIRST_BAG)
COMING = (*AT_GATE, *EN_ROUTE, *ON_GROUND)  # a flight that has not reached its gate at the destination

# verb → the phases it is legal from
LEGAL = {
    "open_check_in": (Phase.SCHEDULED,),
    "open_lounge": (Phase.SCHEDULED, Phase.CHECK_IN),
    "open_gate": (Phase.SCHEDULED, Phase.CHECK_IN, Phase.LOUNGE),
    "assign_gate": AT_GATE,
    "delay": AT_GATE,
    "withdraw_delay": AT_GATE,
    "board": (Phase.SCHEDULED, Phase.CHECK_IN, Phase.LOUNGE, Phase.GATE_OPEN),
    "final_call": (Phase.BOARDING,),
    "close_gate": (Phase.BOARDING, Phase.FINAL_CALL),
    "depart": AT_GATE,
    "return_to_gate": EN_ROUTE,
    "take_off": (Phase.DEPARTED,),
    "expect": (Phase.DEPARTED, Phase.AIRBORNE),
    "approach": (Phase.DEPARTED, Phase.AIRBORNE, Phase.EXPECTED),
    "land": EN_ROUTE,
    "first_bag": (Phase.LANDED,),
    "arrive": (*EN_ROUTE, *ON_GROUND),
    "divert": EN_ROUTE,
    "cancel": AT_GATE,
    "reinstate": (Phase.CANCELLED,),
}

# verb → the end of the sentence that refuses it: “B6 1010 is in the state “Departed”: …”
REFUSED_TO = {
    "open_check_in": _("check-in can't be opened"),
    "open_lounge": _("passengers can't be asked to wait in the lounge"),
    "open_gate": _("the gate can't be opened"),
    "assign_gate": _("its gate can't be changed"),
    "delay": _("it can't be delayed"),
    "withdraw_delay": _("a delay can't be withdrawn"),
    "board": _("boarding can't begin"),
    "final_call": _("there can be no final call"),
    "close_gate": _("the gate can't be closed"),
    "depart": _("it can't depart"),
    "return_to_gate": _("it can't return to the gate"),
    "take_off": _("it can't take off"),
    "expect": _("it can't be expected to land"),
    "approach": _("it can't be on its approach"),
    "land": _("it can't land"),
    "first_bag": _("there can be no baggage yet"),
    "arrive": _("it can't arrive"),
    "divert": _("it can't be diverted"),
    "cancel": _("it can't be cancelled"),
    "reinstate": _("it can't be reinstated"),
}

STATE_WORDS = {
    "SCH": _("On time"),
    "DEL": _("Delayed"),
    "CKI": _("Check-in open"),
    "WIL": _("Wait in lounge"),
    "GTO": _("Gate open"),
    "BRD": _("Boarding"),
    "GCL": _("Final call"),
    "GTD": _("Gate closed"),
    "DEP": _("Departed"),
    "CNX": _("Cancelled"),
    "GCH": _("New gate"),
    "TOM": _("Tomorrow"),
    "EXD": _("Expected"),
    "NNS": _("No news"),
    "AIR": _("In the air"),
    "EXP": _("Landing soon"),
    "FIR": _("Final approach"),
    "LND": _("Landed"),
    "FIB": _("Baggage on belt"),
    "ARR": _("Arrived"),
    "DIV": _("Diverted"),
}

PHASE_STATES = {
    Phase.SCHEDULED: "SCH",
    Phase.CHECK_IN: "CKI",  # ours: the lists have no code for it
    Phase.LOUNGE: "WIL",
    Phase.GATE_OPEN: "GTO",
    Phase.BOARDING: "BRD",
    Phase.FINAL_CALL: "GCL",
    Phase.GATE_CLOSED: "GTD",
    Phase.DEPARTED: "AIR",
    Phase.AIRBORNE: "AIR",
    Phase.EXPECTED: "EXP",
    Phase.FINAL_APPROACH: "FIR",
    Phase.LANDED: "LND",
    Phase.FIRST_BAG: "FIB",
    Phase.ARRIVED: "ARR",
    Phase.CANCELLED: "CNX",
}

DELAYED_FROM = 15  # minutes, the industry's threshold of punctuality


def public_states(
    side: str,
    phase: str,
    *,
    delay: int = 0,
    gate_changed: bool = False,
    diverted: bool = False,
    tomorrow: bool = False,
    is_overdue: bool = False,
    is_silent: bool = False,
) -> list[str]:
    """The codes of a flight's public states on one side, "departure" or "arrival", the most important first.

    There is at least one. ``delay`` is in minutes. EXD and NNS are ours: the lists have no code for a flight whose time has
    passed, or of which nothing is heard.
    """
    if phase == Phase.CANCELLED:
        return ["CNX"]
    codes = ["DIV"] if diverted else []
    if side == "departure":
        if phase in AT_GATE:
            codes += ["DEL"] if delay >= DELAYED_FROM else []
            codes += [PHASE_STATES[phase]] if phase != Phase.SCHEDULED else []
            codes += ["GCH"] if gate_changed else []
        else:
            codes += ["DEP"]
    else:
        if phase not in (*ON_GROUND, Phase.ARRIVED):
            codes += ["DEL"] if delay >= DELAYED_FROM else []
        codes += [PHASE_STATES[phase]] if phase not in AT_GATE else []
    codes += ["TOM"] if tomorrow else []
    codes += ["NNS"] if is_silent else []
    return codes or ["EXD" if is_overdue else "SCH"]
