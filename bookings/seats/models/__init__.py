from bookings.seats.models.bookings import Booking, BookingChange
from bookings.seats.models.connections import ConnectionTime
from bookings.seats.models.fares import Family, PriceStep, Rules, SeatFee, Tariff, TariffChange
from bookings.seats.models.inventory import Assignment, Inventory, InventoryChange, Ledger
from bookings.seats.models.refusals import (
    Changed,
    ExitRow,
    FareGone,
    Full,
    IllegalMove,
    NotForSale,
    NotTogether,
    PriceChanged,
    Refused,
    SeatTaken,
    TooEarly,
    TooLate,
    TooMany,
    Unfit,
)
from bookings.seats.models.states import Kind, State, Status
from bookings.seats.models.taxes import Tax, TaxChange
from bookings.seats.models.travellers import Coupon, CouponChange, PriceLine, Segment, Traveller

__all__ = [
    "Assignment",
    "Booking",
    "BookingChange",
    "Changed",
    "ConnectionTime",
    "Coupon",
    "CouponChange",
    "ExitRow",
    "Family",
    "FareGone",
    "Full",
    "IllegalMove",
    "Inventory",
    "InventoryChange",
    "Kind",
    "Ledger",
    "NotForSale",
    "NotTogether",
    "PriceChanged",
    "PriceLine",
    "PriceStep",
    "Refused",
    "Rules",
    "SeatFee",
    "SeatTaken",
    "Segment",
    "State",
    "Status",
    "Tariff",
    "TariffChange",
    "Tax",
    "TaxChange",
    "TooEarly",
    "TooLate",
    "TooMany",
    "Traveller",
    "Unfit",
]
