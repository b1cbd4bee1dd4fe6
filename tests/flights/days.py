"""A day of three flights as a CSV file has it: one late, one diverted, one cancelled."""

import pytest

__all__ = ["write"]

HEADER = (
    "carrier,airline,number,tail,origin,destination,"
    "scheduled_departure,actual_departure,scheduled_arrival,actual_arrival,outcome"
)
ROWS = [
    "B6,JetBlue Airways,1010,N1,JFK,BOS,2013-07-10T14:00Z,2013-07-10T15:10Z,2013-07-10T15:15Z,2013-07-10T16:20Z,landed",
    "DL,Delta Air Lines,7,N2,JFK,SFO,2013-07-10T14:30Z,2013-07-10T14:29Z,2013-07-10T20:30Z,,departed",
    "AA,American Airlines,8,,JFK,BOS,2013-07-10T15:00Z,,2013-07-10T16:15Z,,cancelled",
]


@pytest.fixture
def write(tmp_path):
    """``write(*rows, header=HEADER)`` returns the path of a file with these rows."""

    def write(*rows, header=HEADER):
        path = tmp_path / "day.csv"
        path.write_text("\n".join([header, *rows]) + "\n")
        return path

    return write
