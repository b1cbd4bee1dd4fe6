from bookings.restaurants.models.history import ReservationChange
from bookings.restaurants.models.queue import QueueEntry
from bookings.restaurants.models.refusals import Changed, Closed, Full, IllegalMove, Refused, Taken, Unfit
from bookings.restaurants.models.reservations import Reservation, TableSlot
from bookings.restaurants.models.states import Stage, State
from bookings.restaurants.models.venue import (
    Area,
    Closure,
    Join,
    Restaurant,
    Service,
    Shape,
    Table,
    TablePlan,
    TurnTime,
    Use,
)
from bookings.restaurants.models.waitlist import WaitlistEntry

__all__ = [
    "Area",
    "Changed",
    "Closed",
    "Closure",
    "Full",
    "IllegalMove",
    "Join",
    "QueueEntry",
    "Refused",
    "Reservation",
    "ReservationChange",
    "Restaurant",
    "Service",
    "Shape",
    "Stage",
    "State",
    "Table",
    "TablePlan",
    "TableSlot",
    "Taken",
    "TurnTime",
    "Unfit",
    "Use",
    "WaitlistEntry",
]
