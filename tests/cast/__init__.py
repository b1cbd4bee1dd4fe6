"""The cast: people, flights and venues that all tests know by the same names. A fixture's name is that of its noun.

alice has an account, books and travels; charlie has an account and nothing to do with any of it. bob and ana work at the
flight desk, dora and dave at the bistro, erik at the diner beside it.
"""
