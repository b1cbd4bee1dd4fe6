"""No address has a token in it: addresses are written into logs, and sent to other sites."""

import re

import pytest
from django.conf import settings


def asks_by_get(form):
    """By itself, at a change, or by one of its buttons."""
    return re.search(r"hx-get|method=.get", form.partition(">")[0]) or 'formmethod="get' in form


FORMS = [
    pytest.param(form, id=f"{path.relative_to(settings.BASE)}-{number}")
    for path in sorted((settings.BASE / "templates").rglob("*.html"))
    for number, form in enumerate(re.findall(r"<form\b.*?</form>", path.read_text(), flags=re.S))
    if asks_by_get(form)
]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_asks_by_get_holds_no_token(form):
    """Where one button of it posts, the token is that button's."""
    assert "{% csrf_token %}" not in form
    assert set(re.findall(r"<(\w+)[^<>]*csrfmiddlewaretoken", form)) <= {"button"}
