from tests.seats.searching import no_search_before, sell

__all__ = ["no_search_before", "sell"]
