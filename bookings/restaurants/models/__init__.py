from bookings.restaurants.models.history import ReservationChange
from bookings.restaurants.models.refusals import Changed, Closed, Full, IllegalMove, Refused, Taken, Unfit
from bookings.restaurants.models.reservations import Reservation, Stage, State, TableSlot
from bookings.restaurants.models.venue import (
    Area,
    Closure,
    Join,
    Restaurant,
    Rooms,
    Service,
    Shape,
    Table,
    TurnTime,
    Use,
)
from bookings.restaurants.models.waiting import Party, Wish

__all__ = [
    "Area",
    "Changed",
    "Closed",
    "Closure",
    "Full",
    "IllegalMove",
    "Join",
    "Party",
    "Refused",
    "Reservation",
    "ReservationChange",
    "Restaurant",
    "Rooms",
    "Service",
    "Shape",
    "Stage",
    "State",
    "Table",
    "TableSlot",
    "Taken",
    "TurnTime",
    "Unfit",
    "Use",
    "Wish",
]
