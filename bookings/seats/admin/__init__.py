from bookings.seats.admin.connections import ConnectionTimeAdmin

__all__ = ["ConnectionTimeAdmin"]
