"""Any name fits into a boarding pass, in the letters that its readers know."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.seats.passes.names import pass_name

NAMES = {
    ("Smith", "John"): "SMITH/JOHN",
    ("Nguyễn", "Thị Minh"): "NGUYEN/THI MINH",
    ("O'Brien-Smith", "Anne"): "OBRIEN SMITH/ANNE",
    ("D’Arcy", "Éléonore"): "DARCY/ELEONORE",
    ("O", "Kim"): "O/KIM",
    ("Suharto", ""): "SUHARTO",
    ("", "Suharto"): "SUHARTO",
    # ICAO Doc 9303, part 3, section 6: Latin
    ("Müller", "Jürgen"): "MUELLER/JUERGEN",
    ("Straßer", "Jörg"): "STRASSER/JOERG",
    ("Øster", "Åse"): "OESTER/AASE",
    ("Þórðardóttir", "Æsa"): "THORDARDOTTIR/AESA",
    ("Łukasiewicz", "Đỗ"): "LUKASIEWICZ/DO",
    ("Őry", "Ůna"): "ORY/UNA",
    ("İnan", "Işıl"): "INAN/ISIL",
    ("Mu\u0308ller", ""): "MUELLER",  # ü as two characters
    # … and Cyrillic
    ("Щербаков", "Юрий"): "SHCHERBAKOV/IURII",
    ("Хрущёва", "Ольга"): "KHRUSHCHEVA/OLGA",
    ("Їжак", "Єва"): "IZHAK/IEVA",
    # Greek, by ELOT 743
    ("Παπαδόπουλος", "Εύα"): "PAPADOPOULOS/EVA",
    ("Μπακογιάννη", "Αγγέλα"): "BAKOGIANNI/ANGELA",
    ("Σταύρου", "Ευθύμιος"): "STAVROU/EFTHYMIOS",
    # by the library
    ("王", "小明"): "WANG/XIAOMING",
    ("김", "철수"): "GIM/CHEOLSU",
    # 20 characters, and always something of both names
    ("de la Cruz-Fernández y Rodríguez", "María"): "DE LA CRUZ FERNAND/M",
    ("Wolfeschlegelsteinhausen", ""): "WOLFESCHLEGELSTEINHA",
    ("Featherstonehaugh", "Alexandra"): "FEATHERSTONEHAUGH/AL",
    # nothing that can be written
    ("", ""): "X",
    ("123", "…"): "X",
    ("\x00", "\ue000"): "X",
}


@pytest.mark.parametrize("names", NAMES)
def test_a_name_in_letters(names):
    assert pass_name(*names) == NAMES[names]


@given(st.text(max_size=80), st.text(max_size=80))
def test_every_name_fits(surname, given):
    name = pass_name(surname, given)
    assert re.fullmatch(r"[A-Z][A-Z ]*(/[A-Z][A-Z ]*)?", name) and len(name) <= 20 and name == name.strip()
