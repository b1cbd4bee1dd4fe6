from tracking.flights.models.airports import Airline, Airport
from tracking.flights.models.codes import DELAY_REASONS, STATE_WORDS, Phase, public_states
from tracking.flights.models.codeshares import Codeshare
from tracking.flights.models.flights import Flight
from tracking.flights.models.history import FlightChange
from tracking.flights.models.refusals import Changed, IllegalMove, ImpossibleTime, Refused
from tracking.flights.models.sources import Report, Source

__all__ = [
    "DELAY_REASONS",
    "STATE_WORDS",
    "Airline",
    "Airport",
    "Changed",
    "Codeshare",
    "Flight",
    "FlightChange",
    "IllegalMove",
    "ImpossibleTime",
    "Phase",
    "Refused",
    "Report",
    "Source",
    "public_states",
]
