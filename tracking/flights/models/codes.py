"""The field's codes: phases a flight goes through, the public states made of them, reasons for delays.

Public states are Schiphol's two lists (departures: SCH DEL WIL GTO BRD GCL GTD DEP CNX GCH TOM; arrivals: SCH AIR EXP
FIR LND FIB ARR DIV CNX TOM). Several hold at once. Delay reasons are the numeric codes of IATA AHM 730.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbs.refusals import Refused


class Phase(TextChoices):
    """How far a flight is, in order; a flight is in one of them."""

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

# what a verb could not do where it is illegal: the end of “B6 1010 is in the state “Departed”: …”
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

DELAYED_FROM = 15  # minutes: punctuality is counted so


def public_states(side, phase, *, delay=0, gate_changed=False, diverted=False, tomorrow=False):
    """The public states of a flight on one side ("departure" or "arrival"), the most telling first, never none."""
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
    return codes or ["SCH"]


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
    """The code itself; Refused where it is no reason code. An empty one says that no reason is known."""
    if code and code not in DELAY_REASONS:
        raise Refused(gettext("“%(code)s” is no reason code of IATA AHM 730.") % {"code": code})
    return code
