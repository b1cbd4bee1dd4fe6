"""A form that is sent twice does its work once."""

import threading
from uuid import uuid4

import pytest
from django import forms
from django.db import IntegrityError

from once import KeyUsed, OnceField, OnceQuerySet
from tests.races import answers_at_once
from tests.shared.tickets.models import Ticket
from verbs.refusals import Refused


class TicketForm(forms.Form):
    key = OnceField()


@pytest.fixture
def key():
    return uuid4()


def test_nothing_was_made_with_a_new_key(db, key):
    assert Ticket.objects.made_with(key) is None


def test_what_was_made_is_found_by_its_key(db, key):
    ticket = Ticket.objects.create(key=key)
    Ticket.objects.create(key=uuid4())
    assert Ticket.objects.made_with(key) == ticket
    assert Ticket.objects.made_with(key, show="matinee") == ticket


def test_without_a_key_nothing_is_looked_for(db, django_assert_num_queries):
    Ticket.objects.create()
    with django_assert_num_queries(0):
        assert Ticket.objects.made_with(None) is None


def test_a_key_that_made_something_elsewhere_is_refused_with_a_sentence(db, key):
    Ticket.objects.create(key=key, show="soirée")
    with pytest.raises(KeyUsed, match="Reload this page") as refusal:
        Ticket.objects.made_with(key, show="matinee")
    assert isinstance(refusal.value, Refused)


def test_it_is_found_elsewhere_even_from_a_narrower_queryset(db, key):
    """Else the unique column would answer, and with an error instead of a sentence."""
    Ticket.objects.create(key=key, show="soirée")
    with pytest.raises(KeyUsed):
        Ticket.objects.filter(show="matinee").made_with(key, show="matinee")


def test_it_is_made_once(db, key):
    made = [Ticket.objects.make_once(key, lambda: Ticket.objects.create(key=key)) for _time in range(3)]
    assert made == [Ticket.objects.get()] * 3


def test_what_else_is_unique_still_fails(db, key):
    Ticket.objects.create(reference="AAAAAA")
    with pytest.raises(IntegrityError):
        Ticket.objects.make_once(key, lambda: Ticket.objects.create(key=key, reference="AAAAAA"))
    assert Ticket.objects.count() == 1, "and the transaction goes on"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_the_same_row(key, monkeypatch):
    """Both have looked before either writes: only the unique column is between them."""
    both_have_looked, threads = threading.Barrier(2), set()
    look = OnceQuerySet.made_with

    def look_at_once(self, *args, **scope):
        found = look(self, *args, **scope)
        if threading.get_ident() not in threads:
            threads.add(threading.get_ident())
            both_have_looked.wait(10)
        return found

    monkeypatch.setattr(OnceQuerySet, "made_with", look_at_once)
    made = answers_at_once(*[lambda: Ticket.objects.make_once(key, lambda: Ticket.objects.create(key=key))] * 2)
    assert set(made) == {Ticket.objects.get()}


def test_each_page_has_a_key_of_its_own():
    first, second = TicketForm(), TicketForm()
    assert str(first["key"]) == str(first["key"]), "one page shows one key"
    assert str(first["key"]) != str(second["key"])
    assert 'type="hidden"' in str(first["key"])


@pytest.mark.parametrize("sent", [{}, {"key": "x"}, {"key": ""}])
def test_a_page_without_its_key_is_to_be_reloaded(sent):
    assert TicketForm(sent).errors["key"] == ["Reload this page, then send it again."]


def test_the_key_is_a_uuid(key):
    form = TicketForm({"key": str(key)})
    assert form.is_valid() and form.cleaned_data["key"] == key
