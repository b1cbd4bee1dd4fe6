"""The terminals, gates and airlines of the demo, and the airports that its flights divert to."""

# airport → airline → (terminal, letter of its gates, first gate, last gate); "" is for all others
GATES = {
    "JFK": {
        "AA": ("8", "", 31, 47),
        "MQ": ("8", "", 2, 12),
        "US": ("8", "", 14, 20),
        "B6": ("5", "", 1, 30),
        "HA": ("5", "", 25, 30),
        "DL": ("4", "B", 20, 41),
        "9E": ("4", "B", 42, 55),
        "EV": ("4", "B", 42, 55),
        "VX": ("4", "A", 2, 7),
        "UA": ("7", "", 1, 12),
        "": ("1", "", 1, 11),
    },
    "EWR": {
        "UA": ("C", "C", 70, 139),
        "EV": ("A", "A", 20, 28),
        "B6": ("A", "A", 10, 18),
        "DL": ("B", "B", 40, 48),
        "9E": ("B", "B", 40, 48),
        "WN": ("B", "B", 60, 68),
        "": ("A", "A", 30, 39),
    },
    "LGA": {
        "DL": ("C", "C", 60, 79),
        "9E": ("C", "C", 80, 98),
        "EV": ("C", "C", 80, 98),
        "AA": ("B", "B", 40, 59),
        "MQ": ("B", "B", 40, 59),
        "": ("B", "B", 11, 31),
    },
    "": {"": ("1", "A", 1, 30)},
}
# (regional airline, origin) → the airline that sells its seats under a number of its own
SOLD_BY = {
    ("9E", "JFK"): "DL",
    ("9E", "LGA"): "DL",
    ("9E", "EWR"): "DL",
    ("EV", "JFK"): "DL",
    ("EV", "LGA"): "DL",
    ("EV", "EWR"): "UA",
    ("MQ", "JFK"): "AA",
    ("MQ", "LGA"): "AA",
    ("MQ", "EWR"): "AA",
    ("YV", "LGA"): "US",
}
ALTERNATES = (
    *("BOS", "BDL", "PHL", "BWI", "PIT", "CLE", "DTW", "CVG", "IND", "RDU", "CLT", "ATL", "JAX", "MCO", "TPA", "FLL"),
    *("MIA", "BNA", "MEM", "STL", "MCI", "MKE", "ORD", "MSP", "OMA", "DEN", "SLC", "DFW", "AUS", "IAH", "MSY", "ABQ"),
    *("PHX", "TUS", "LAS", "ONT", "LAX", "SAN", "SFO", "OAK", "SMF", "PDX", "SEA", "BOI", "SJU", "HNL", "OGG", "YYZ"),
    *("YUL", "YVR", "MEX", "GRU", "EZE", "BOG", "LHR", "LGW", "DUB", "MAN", "AMS", "BRU", "CDG", "ORY", "LYS", "FRA"),
    *("CGN", "MUC", "NUE", "ZRH", "VIE", "MAD", "BCN", "LIS", "FCO", "MXP", "ATH", "IST", "CPH", "ARN", "OSL", "HEL"),
    *("WAW", "CAI", "DXB", "DOH", "JNB", "NBO", "DEL", "BOM", "SIN", "KUL", "BKK", "HKG", "PVG", "PEK", "NRT", "SYD"),
)
