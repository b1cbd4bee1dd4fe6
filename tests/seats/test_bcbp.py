"""The text of boarding passes: what is written, what is read, and what is refused."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from bookings.seats.passes.bcbp import INFANT, NotAPass, Pass, date_of, decode, encode

REAL = settings.BASE.parent / "shared/data/real/bcbp-vectors.json"

LUC = Pass("DESMARAIS/LUC", "ABC123", "YUL", "FRA", "AC", 834, 326, "J", "1A", 25)
# The example of IATA's implementation guide.
LUC_TEXT = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 100"
# Another maker's pass for two flights; the first flight has a part of 48 characters that we skip.
TWO = (
    "M2GRANDMAIRE/MELANIE  EABC123 GVACDGAF 0123 339C002F0025 130>5002A0571234567890  AF AF 1234567890123456    Y"
    "DEF456 CDGDTWNW 0049 339F001A0002 12C2A012098765432101                       2PC ^108ABCDEFGH"
)
WITHOUT_SEAT = "M1DOE/JOHN            EXXX007 TXLBRUSN 2592 110Y"

REFUSED = {
    "": "empty",
    "   ": "empty",
    "M1DESMARAIS/LUC       ": "too short",
    LUC_TEXT[:-1]: "incomplete",
    LUC_TEXT.replace("M1", "M2"): "flight 2 of 2",
    LUC_TEXT.replace("M1", "S1"): "format",
    LUC_TEXT.replace("M1", "m1"): "format",
    LUC_TEXT.replace("M1", "MX"): "how many flights",
    LUC_TEXT.replace("M1", "M0"): "how many flights",
    LUC_TEXT.replace("LUC ", "LUÇ "): "characters",
    LUC_TEXT.replace("LUC ", "Luc "): "name",
    LUC_TEXT.replace("YUL", "Y1L"): "Flight 1",
    LUC_TEXT.replace("0834", "O834"): "Flight 1",
    LUC_TEXT.replace("326J", "367J"): "Flight 1",
    LUC_TEXT.replace("326J", "000J"): "Flight 1",
    LUC_TEXT.replace("001A", "01AA"): "seat",
    LUC_TEXT.replace("001A", "000A"): "seat",
    LUC_TEXT.replace("0025 ", "O025 "): "sequence",
    LUC_TEXT[:-2] + "G0": "size",
    LUC_TEXT[:-2] + "05": "5 more",
    LUC_TEXT + "\n": "characters",
    LUC_TEXT + "A" * 2000: "longer",
    WITHOUT_SEAT: "incomplete",
    "M2A meeting / AB-586 [In Progress] Split the settings from main into a file of its own, and then some": "name",
}


def test_a_pass_is_written_as_in_the_guide():
    assert encode(LUC) == LUC_TEXT
    assert len(LUC_TEXT) == 60
    assert decode(LUC_TEXT) == [LUC]


def test_every_field_is_where_the_resolution_has_it():
    text = encode(Pass("NGUYEN/THI MINH", "7KQ2MX", "JFK", "LAX", "B6", 23, 5, "Y", "12F", 107))
    sizes = (1, 1, 20, 1, 7, 3, 3, 3, 5, 3, 1, 4, 5, 1, 2)
    fields, at = [], 0
    for size in sizes:
        fields.append(text[at : at + size])
        at += size
    assert fields == [
        "M", "1", "NGUYEN/THI MINH     ", "E", "7KQ2MX ", "JFK", "LAX", "B6 ", "0023 ", "005", "Y", "012F", "0107 ", "1", "00",
    ]  # fmt: skip


def test_an_infant_and_nobody_have_a_seat_too():
    assert encode(replace(LUC, seat=INFANT))[48:52] == "INF "
    assert encode(replace(LUC, seat=""))[48:52] == "    "
    assert decode(encode(replace(LUC, seat=INFANT))) == [replace(LUC, seat=INFANT)]


def test_two_flights_of_another_maker():
    first, second = decode(TWO)
    assert first == Pass("GRANDMAIRE/MELANIE", "ABC123", "GVA", "CDG", "AF", 123, 339, "C", "2F", 25)
    assert second == Pass("GRANDMAIRE/MELANIE", "DEF456", "CDG", "DTW", "NW", 49, 339, "F", "1A", 2)


def test_what_follows_the_last_flight_is_skipped():
    assert decode(LUC_TEXT + "^108ABCDEFGH") == [LUC]
    assert decode(LUC_TEXT[:-2] + "04>500^108ABCDEFGH") == [LUC]


def test_a_pass_without_a_seat_is_read_only_where_that_is_asked():
    (leg,) = decode(WITHOUT_SEAT, short=True)
    assert (leg.name, leg.carrier, leg.number, leg.day, leg.seat, leg.status) == ("DOE/JOHN", "SN", 2592, 110, "", "0")
    with pytest.raises(NotAPass):
        decode(WITHOUT_SEAT[:-2], short=True)


@pytest.mark.parametrize("text", REFUSED)
def test_everything_else_is_refused_with_a_sentence(text):
    with pytest.raises(NotAPass) as refused:
        decode(text)
    sentence = str(refused.value)
    assert REFUSED[text] in sentence and sentence.endswith(".")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "A NAME OF MORE THAN TWENTY LETTERS"},
        {"name": ""},
        {"name": "Luc"},
        {"reference": "ABCD1234"},
        {"origin": "YU"},
        {"number": 12345},
        {"day": 367},
        {"seat": "1000A"},
        {"sequence": 10000},
        {"status": ""},
    ],
)
def test_what_has_no_room_is_not_written(wrong):
    with pytest.raises(ValueError):
        encode(replace(LUC, **wrong))


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@given(
    st.builds(
        Pass,
        name=st.from_regex(r"\A[A-Z]{1,12}/[A-Z]{1,6}\Z"),
        reference=st.text("23456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=6, max_size=6),
        origin=st.text(LETTERS, min_size=3, max_size=3),
        destination=st.text(LETTERS, min_size=3, max_size=3),
        carrier=st.from_regex(r"\A[A-Z0-9]{2}\Z"),
        number=st.integers(1, 9999),
        day=st.integers(1, 366),
        cabin=st.sampled_from("FJWY"),
        seat=st.from_regex(r"\A([1-9][0-9]?[A-K]|INF|)\Z"),
        sequence=st.integers(0, 9999),
        status=st.sampled_from("013"),
        suffix=st.sampled_from(["", "A"]),
    )
)
def test_whatever_is_written_is_read_again(leg):
    text = encode(leg)
    assert len(text) == 60 and decode(text) == [leg]


@given(st.text(max_size=200) | st.from_regex(r"\AM[1-9][A-Z/ ]{20}E[A-Z0-9 ]{10,150}\Z"))
@example(LUC_TEXT[:-2] + "FF")
def test_no_text_breaks_the_reader(text):
    with suppress(NotAPass):
        assert decode(text)


@pytest.mark.parametrize(
    ("day", "scanned", "expected"),
    [
        (364, date(2026, 1, 2), date(2025, 12, 30)),
        (1, date(2026, 12, 31), date(2027, 1, 1)),
        (366, date(2025, 1, 2), date(2024, 12, 31)),
        (366, date(2024, 12, 30), date(2024, 12, 31)),
        (365, date(2027, 1, 1), date(2026, 12, 31)),
        (60, date(2028, 3, 1), date(2028, 2, 29)),
        (60, date(2027, 3, 1), date(2027, 3, 1)),
        (326, date(2018, 11, 21), date(2018, 11, 22)),
        (226, date(2020, 8, 13), date(2020, 8, 13)),
    ],
)
def test_a_day_without_a_year_is_the_nearest_one(day, scanned, expected):
    assert date_of(day, scanned) == expected


@pytest.mark.parametrize(("day", "scanned"), [(366, date(2026, 6, 1)), (367, date(2024, 6, 1)), (0, date(2026, 1, 1))])
def test_a_day_that_no_year_near_has(day, scanned):
    with pytest.raises(NotAPass):
        date_of(day, scanned)


@pytest.mark.skipif(not REAL.exists(), reason="the collected passes are not at hand; the tests above have the like")
def test_collected_passes_of_many_makers():
    for case in json.loads(REAL.read_text()):
        if case["valid"]:
            legs = decode(case["text"], short=True)
            assert len(legs) == int(case["text"][1])
        else:
            with pytest.raises(NotAPass):
                decode(case["text"], short=True)
