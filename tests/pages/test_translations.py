"""Every text there is, in every language, as the catalogs in locale/ have it and as they are compiled."""

from io import BytesIO, StringIO

import pytest
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

BASE = settings.BASE
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
FUNCTIONS = ["_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "npgettext", "pgettext"]


def sources():
    for app in ("site", "tracking", "bookings"):
        yield from (path.read_text() for path in (BASE / app).rglob("*.py"))
    yield from (templatize(path.read_text()) for path in (BASE / "templates").rglob("*.*"))


@pytest.fixture(scope="module")
def texts():
    """What there is to translate: "text", or ("one", "many")."""
    found = set()
    for source in sources():
        for _line, function, message, _comments in extract_python(BytesIO(source.encode()), FUNCTIONS, [], {}):
            strings = tuple(part for part in ([message] if isinstance(message, str) else message) if part)
            if strings:
                found.add(strings[:2] if function.startswith("n") and len(strings) > 1 else strings[0])
    return found


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def catalog(language):
    path = BASE / "locale" / language / "LC_MESSAGES" / "django.po"
    return read_po(StringIO(path.read_text()), locale=language)


def test_there_is_much_to_translate(texts):
    assert len(texts) > 400
    assert "Departures" in texts
    assert "There is no airport “%(iata)s”." in texts


def test_every_text_is_translated_and_nothing_else(texts, catalog):
    known = {message.id for message in catalog if message.id}
    assert texts - known == set(), "run make messages, and translate"
    assert known - texts == set()
    empty = [message.id for message in catalog if message.id and not all(strings(message))]
    assert not empty
    assert not [message.id for message in catalog if message.id and message.fuzzy]


def test_placeholders_are_those_of_the_text(catalog):
    assert {
        message.id: [str(error) for error in message.check(catalog)] for message in catalog if bad(message, catalog)
    } == {}


def test_quotes_and_tags_are_kept_as_they_were(catalog):
    for message in catalog:
        for string in strings(message):
            original = message.id if isinstance(message.id, str) else message.id[-1]
            assert string.count("<") == original.count("<"), original


def test_it_is_compiled_as_it_is_written(language, catalog):
    path = BASE / "locale" / language / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        compiled = read_mo(file)
    written = {message.id: message.string for message in catalog if message.id}
    assert {message.id: message.string for message in compiled if message.id} == written


def strings(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def bad(message, catalog):
    return message.id and message.check(catalog)
