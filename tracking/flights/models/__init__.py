from tracking.flights.models.airports import Airline, Airport
from tracking.flights.models.codes import STATE_WORDS, Phase, public_states
from tracking.flights.models.codeshares import Codeshare
from tracking.flights.models.flights import Flight
from tracking.flights.models.history import FlightChange
from tracking.flights.models.reasons import DELAY_REASONS
from tracking.flights.models.sources import Report, Source
from tracking.flights.models.times import ImpossibleTime

__all__ = [
    "DELAY_REASONS",
    "STATE_WORDS",
    "Airline",
    "Airport",
    "Codeshare",
    "Flight",
    "FlightChange",
    "ImpossibleTime",
    "Phase",
    "Report",
    "Source",
    "public_states",
]
