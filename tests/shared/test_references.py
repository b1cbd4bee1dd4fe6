"""References that people read out, and that no two bookings share."""

import re

import pytest
from django.db import IntegrityError

import references
from references import new_reference, new_references
from tests.shared.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def drawing(monkeypatch, *drawn):
    """Have these drawn, one after another."""
    left = list(drawn)
    monkeypatch.setattr(references, "draw", lambda: left.pop(0))
    return left


def test_six_letters_or_digits_without_look_alikes():
    drawn = {references.draw() for _time in range(500)}
    assert len(drawn) == 500
    assert all(re.fullmatch("[2-9A-HJKMNP-TV-Z]{6}", reference) for reference in drawn)
    assert not set("01OILU") & set("".join(drawn))


def test_a_reference_that_exists_is_drawn_again(monkeypatch):
    Ticket.objects.create(reference="AAAAAA")
    drawing(monkeypatch, "AAAAAA", "AAAAAA", "BBBBBB")
    assert new_reference(Ticket) == "BBBBBB"


def test_it_ends_where_all_are_taken(monkeypatch):
    Ticket.objects.create(reference="AAAAAA")
    monkeypatch.setattr(references, "draw", lambda: "AAAAAA")
    with pytest.raises(RuntimeError, match="too many references are taken"):
        new_reference(Ticket)


def test_many_are_drawn_for_rows_that_are_saved_in_bulk(monkeypatch, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(set(new_references(Ticket, 200))) == 200
    Ticket.objects.create(reference="AAAAAA")
    drawing(monkeypatch, "AAAAAA", "BBBBBB", "CCCCCC", "CCCCCC", "DDDDDD")
    assert set(new_references(Ticket, 3)) == {"BBBBBB", "CCCCCC", "DDDDDD"}


def test_a_row_gets_one_when_it_is_saved_and_keeps_it():
    ticket = Ticket.objects.create()
    reference = ticket.reference
    assert len(reference) == 6
    ticket.save()
    assert Ticket.objects.get().reference == reference


def test_one_that_another_process_takes_meanwhile_is_drawn_again(monkeypatch):
    """Looked for, and not there; saved, and it is."""
    Ticket.objects.create(reference="AAAAAA")
    looked = iter(["AAAAAA", "BBBBBB"])
    monkeypatch.setattr(references, "new_reference", lambda model: next(looked))
    ticket = Ticket.objects.create()
    assert ticket.reference == "BBBBBB"
    assert Ticket.objects.count() == 2


def test_what_else_is_unique_is_no_reason_to_draw_again(monkeypatch):
    first = Ticket.objects.create(key="5f0c1f0e-9f0b-4a43-8d43-6d7f4f4a2f11")
    left = drawing(monkeypatch, "BBBBBB", "CCCCCC")
    with pytest.raises(IntegrityError):
        Ticket.objects.create(key=first.key)
    assert left == ["CCCCCC"]
