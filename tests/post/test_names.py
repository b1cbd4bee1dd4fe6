"""Names go into mail to addresses that nobody has confirmed: one line, without web or mail addresses."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from post.fields import NameField


class Form(forms.Form):
    name = NameField(max_length=80)


def cleaned(text):
    return NameField(max_length=80).clean(text)


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace",
        "Zoë de la Cruz-O’Hara",
        "St.John Smith",
        "j.smith",
        "J.R.R. Tolkien",
        "Dr.Who",
        "Smith/Jones",
        "李小龍",
        "Анна-Мария",
        "table 4.5",
        "Mr. Info",
    ],
)
def test_a_name_is_taken_as_it_is(name):
    assert cleaned(name) == name


@pytest.mark.parametrize(
    "text",
    [
        "Win at https://evil.example/x",
        "ftp://evil",
        "www.evil",
        "evil.example",
        "EVIL.EXAMPLE now",
        "Evil.Com",
        "t.co/abc",
        "x.com",
        "ada@evil.example",
        "evil．example",
        "evil。com",
        "ｅｖｉｌ.com",
        "203.0.113.7",
        "xn--80ak6aa92e",
        "Ada\r\nhttp://evil.example",
    ],
)
def test_an_address_is_refused_with_a_sentence(text):
    with pytest.raises(ValidationError, match="Write a name, without web or mail addresses"):
        cleaned(text)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85", "\u200b", "\u202e"])
def test_a_name_is_one_line(end):
    form = Form({"name": f"Ada{end}Lovelace"})
    assert form.is_valid() and form.cleaned_data["name"] == "Ada Lovelace"


def test_a_name_of_line_breaks_alone_is_none():
    assert not Form({"name": "\r\n\u2028"}).is_valid()
