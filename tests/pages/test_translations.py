"""Every text there is, in every language, as the catalogs in locale/ have it and as they are compiled."""

import ast
import gettext
from io import BytesIO, StringIO

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

BASE = settings.BASE
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
FUNCTIONS = ["_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"]


def sources():
    for app in ("site", "tracking", "bookings"):
        yield from (path.read_text() for path in (BASE / app).rglob("*.py"))
    for path in (BASE / "templates").rglob("*.*"):
        lines = templatize(path.read_text()).splitlines()
        yield "\n".join(line.lstrip() for line in lines)  # the indentation of HTML means nothing to Python


@pytest.fixture(scope="module")
def texts():
    """What there is to translate: ``(context, text)``, where text is ``("one", "many")`` for plurals."""
    found = set()
    for source in sources():
        for _line, function, message, _comments in extract_python(BytesIO(source.encode()), FUNCTIONS, [], {}):
            parts = [message] if isinstance(message, str) else [part for part in message if part]
            if parts:
                found.add(key(function, parts))
    return found


def key(function, parts):
    if function.startswith("p"):
        return parts[0], parts[1]
    return None, tuple(parts[:2]) if function.startswith("n") else parts[0]


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def catalog(language):
    path = BASE / "locale" / language / "LC_MESSAGES" / "django.po"
    return read_po(StringIO(path.read_text()), locale=language)


def test_no_text_stands_where_the_extraction_does_not_look():
    """It does not read what is inside an f-string."""
    found = []
    for app in ("site", "tracking", "bookings"):
        for path in (BASE / app).rglob("*.py"):
            strings = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.JoinedStr)]
            calls = [node for string in strings for node in ast.walk(string) if isinstance(node, ast.Call)]
            names = {call.func.id for call in calls if isinstance(call.func, ast.Name)}
            found += [f"{path.relative_to(BASE)}: {name}" for name in names.intersection(FUNCTIONS)]
    assert found == []


def test_there_is_much_to_translate(texts):
    assert len(texts) > 400
    assert (None, "Departures") in texts
    assert (None, "There is no airport “%(iata)s”.") in texts
    assert ("verb", "Board") in texts


def test_every_text_is_translated_and_nothing_else(texts, catalog):
    known = {(message.context, message.id) for message in messages(catalog)}
    assert texts - known == set(), "run make messages, and translate"
    assert known - texts == set()
    empty = [message.id for message in messages(catalog) if not all(strings(message))]
    assert not empty
    assert not [message.id for message in messages(catalog) if message.fuzzy]


def test_placeholders_are_those_of_the_text(catalog):
    wrong = {message.id: list(message.check(catalog)) for message in messages(catalog)}
    assert not {text: faults for text, faults in wrong.items() if faults}


def test_quotes_and_tags_are_kept_as_they_were(catalog):
    for message in messages(catalog):
        for string in strings(message):
            original = message.id if isinstance(message.id, str) else message.id[-1]
            assert string.count("<") == original.count("<"), original


def test_it_is_compiled_as_it_is_written(language, catalog):
    compiled = gettext.translation("django", BASE / "locale", [language])
    for message in messages(catalog):
        assert said(compiled, message) == set(strings(message)), "run make messages"


def said(compiled, message):
    """All that it says of a text: one string, or the forms that different numbers of things have."""
    if isinstance(message.id, str):
        return {compiled.pgettext(message.context, message.id) if message.context else compiled.gettext(message.id)}
    return {compiled.ngettext(*message.id, number) for number in (0, 1, 2, 5)}


def messages(catalog):
    """All but the header."""
    return [message for message in catalog if message.id]


def strings(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)
