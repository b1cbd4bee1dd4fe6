from bookings.seats.models.connections import ConnectionTime

__all__ = ["ConnectionTime"]
