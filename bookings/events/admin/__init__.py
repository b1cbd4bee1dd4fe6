"""Setting up events: halls, events with their quotas and ticket types, series. Registrations have pages of their own."""

from bookings.events.admin import events, halls, series

__all__ = ["events", "halls", "series"]
