"""What a flight costs: arithmetic without a database.

``nesting`` says how many seats each fare family may still sell, ``quote`` what an itinerary costs, ``taxes`` which taxes
are due, ``terms`` what a fare allows and ``refunds`` what is given back. The rows that staff edit are in ``models/fares.py``,
which makes ``Rules`` of them.
"""
