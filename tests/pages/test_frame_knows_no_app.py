"""The frame names no app: what an app adds to it, the app registers itself."""

import ast
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.engine import Engine
from django.urls import get_resolver

PACKAGES = ("tracking", "bookings")
SITE = settings.BASE / "site"
DOMAINS = [app for app in apps.get_app_configs() if app.name.partition(".")[0] in PACKAGES]
LABELS = {app.label for app in DOMAINS}
MAY_NAME_APPS = {SITE / "settings.py", SITE / "urls.py"}

MODULES = [path for path in SITE.rglob("*.py") if path not in MAY_NAME_APPS and "migrations" not in path.parts]
TEMPLATES = [
    path
    for path in (settings.BASE / "templates").rglob("*.html")
    if path.relative_to(settings.BASE / "templates").parts[0] not in LABELS and "pictograms" not in path.parts
]


def test_there_is_something_to_look_at():
    assert {"flights", "restaurants"} <= LABELS
    assert {SITE / "pages" / "nav.py", SITE / "accounts" / "adapter.py"} <= set(MODULES)
    assert {settings.BASE / "templates" / "base.html"} <= set(TEMPLATES)


def words():
    """The words that only a domain has: labels, packages, tag libraries, address names, and what leads from a user to it."""
    libraries = Engine.get_default().libraries
    tags = {name for name, module in libraries.items() if module.partition(".")[0] in PACKAGES}
    namespaces = {f"{name}:" for name in get_resolver().namespace_dict}
    domains = tuple(f"{package}." for package in PACKAGES)
    related = {
        f"user.{relation.get_accessor_name()}"
        for relation in get_user_model()._meta.related_objects
        if relation.related_model.__module__.startswith(domains) and relation.get_accessor_name()
    }
    own = {f"{name}:" for name in ("admin", "checkout", "embeds", "screens")}
    return LABELS | {*PACKAGES} | tags | (namespaces - own) | related


def named_in(text):
    return sorted(word for word in words() if re.search(rf"(?<![\w-]){re.escape(word)}(?:(?<=:)|(?![\w-]))", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_of_the_frame_names_no_app(path):
    assert named_in(path.read_text()) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SITE)))
def test_a_module_of_the_site_names_no_app(path):
    """In its code, that is. A docstring may have an app as its example."""
    assert named_in("\n".join(code_of(ast.parse(path.read_text())))) == []


def code_of(tree):
    """Names, attributes, imports and texts of a module, without its docstrings."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ('reverse("flights:desk")', ["flights", "flights:"]),
        ("user.restaurants.first()", ["restaurants", "user.restaurants"]),
        ("from tracking.flights.models import Flight", ["flights", "tracking"]),
        ('"""Such as flights:desk."""', []),
        ('user.has_perm("flights.change_flight")', ["flights"]),
    ],
)
def test_this_test_can_fail(code, named):
    found = named_in("\n".join(code_of(ast.parse(code))))
    assert found == named
