from bookings.restaurants.models.floor import Area, Join, Shape, Table, TablePlan, Use
from bookings.restaurants.models.history import QueueEntryChange, ReservationChange, WaitlistEntryChange
from bookings.restaurants.models.presence import Presence
from bookings.restaurants.models.queue import QueueEntry
from bookings.restaurants.models.refusals import (
    Changed,
    Closed,
    Full,
    IllegalMove,
    Known,
    NotHere,
    Refused,
    RoomLeft,
    Taken,
    TooLate,
    TooMany,
    Unfit,
)
from bookings.restaurants.models.reservations import Reservation
from bookings.restaurants.models.seating import TableSlot
from bookings.restaurants.models.services import Closure, Service, TurnTime
from bookings.restaurants.models.states import Stage, State
from bookings.restaurants.models.venue import Restaurant
from bookings.restaurants.models.waitlist import WaitlistEntry

__all__ = [
    "Area",
    "Changed",
    "Closed",
    "Closure",
    "Full",
    "IllegalMove",
    "Join",
    "Known",
    "NotHere",
    "Presence",
    "QueueEntry",
    "QueueEntryChange",
    "Refused",
    "Reservation",
    "ReservationChange",
    "Restaurant",
    "RoomLeft",
    "Service",
    "Shape",
    "Stage",
    "State",
    "Table",
    "TablePlan",
    "TableSlot",
    "Taken",
    "TooLate",
    "TooMany",
    "TurnTime",
    "Unfit",
    "Use",
    "WaitlistEntry",
    "WaitlistEntryChange",
]
