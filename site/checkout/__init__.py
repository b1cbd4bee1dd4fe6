"""Payments: what somebody owes for a booking or an order, how it was paid, and what was given back.

It stands on django-payments, whose package is called ``payments``: two packages can't have one name, so this one is ``checkout``.
"""
