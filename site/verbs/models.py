"""Tracked: a model that is changed by its verbs only, and keeps a history of them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import wraps
from typing import Any, ClassVar, Concatenate, NamedTuple, ParamSpec, Self, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from live.outbox import publish
from verbs.history import Change, differences, text_of
from verbs.refusals import Changed, IllegalMove, Refused

P = ParamSpec("P")
T = TypeVar("T", bound="Tracked")


def verb(method: Callable[Concatenate[T, P], None]) -> Callable[..., T]:
    """Make a verb of a method that changes its row in memory, and its related rows in the database.

    The verb opens a transaction, locks the row and reads it again. It refuses what was asked for on an older revision
    than ``seen`` (Changed) and what is illegal now (IllegalMove). Then it runs the method, saves what differs with its
    history, publishes, and returns the row. If no tracked field differs there is no history and no new revision; other
    columns are saved and published all the same. On any Refused nothing is changed, and the row in memory is read again.

    Every verb takes ``seen``, ``by`` and the other arguments named in ``RECORDED``; the method does not get them.
    """
    name = method.__name__

    @wraps(method)
    def perform(self: T, *args: Any, seen: int | None = None, **kwargs: Any) -> T:
        context = {argument: kwargs.pop(argument, None) for argument in self.RECORDED}
        try:
            with transaction.atomic(), self.performing(context):
                self.lock()
                self.check_seen(seen)
                self.check_legal(name)
                before = Before(self.snapshot(), self.stored_values(), self.topics())
                method(self, *args, **kwargs)
                self.record(name, before)
        except Refused:
            self.refresh_from_db()
            raise
        return self

    return perform


class Before(NamedTuple):
    """A row before a verb changes it."""

    snapshot: dict[str, str]
    stored: dict[str, Any]
    topics: list[str]


class Tracked(models.Model):
    """A model that is changed by verbs only. A subclass sets these five, and has a Change model (verbs.history)."""

    STATE: ClassVar[str] = "state"  # the field that has the state
    LEGAL: ClassVar[Mapping[str, Collection[str]]] = {}  # verb → states; a verb that is missing here is always legal
    TRACKED: ClassVar[Sequence[str]] = ()  # the fields whose changes are history
    UNSHOWN: ClassVar[Sequence[str]] = ()  # columns that no page shows: where only these differ, nothing is published
    RECORDED: ClassVar[Sequence[str]] = ("by",)  # arguments of every verb that are columns of its history

    revision = models.PositiveIntegerField(default=0)

    # The RECORDED arguments of the verb that is running: a verb hands them on to the verbs of other rows.
    context: Mapping[str, Any] | None = None

    changes: Any  # the manager of its Change rows

    class Meta:
        abstract = True

    # What a subclass may override

    def lock(self) -> None:
        """Lock the row and read it again. Override it where verbs must take another row's lock first."""
        self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update())

    def snapshot(self) -> dict[str, str]:
        """The tracked values as texts, by field. Add what related rows say, such as the names of tables."""
        fields: list[Any] = [self._meta.get_field(name) for name in self.TRACKED]
        return {field.name: text_of(getattr(self, field.attname)) for field in fields}

    def check_rules(self) -> None:
        """Raise Refused if the row as it is now breaks a rule. Called before a change is saved."""

    def topics(self) -> list[str]:
        """What shows this row now. Asked before and after each verb: a page that it leaves must know as well."""
        raise NotImplementedError(f"{type(self).__name__} needs topics()")

    def before_commit(self, verb: str, changes: list[Any]) -> None:
        """Called inside the transaction, once the history is written: for rows that must commit with it, such as mail."""

    @property
    def display_name(self) -> str:
        """What sentences call it."""
        return str(self)

    def refusal(self, verb: str, state: str) -> str:
        """The sentence that says why a verb is illegal in this state."""
        words = {"name": self.display_name, "state": self.state_label(state)}
        return _("You can’t do this: the state of %(name)s is “%(state)s”.") % words

    # What is asked of it

    @property
    def legal_verbs(self) -> list[str]:
        """The verbs of LEGAL that are legal now."""
        return [verb for verb in self.LEGAL if self.is_legal(verb)]

    def is_legal(self, verb: str, state: str | None = None) -> bool:
        """Whether a verb is legal in this state; without one, in the state that the row has."""
        return verb not in self.LEGAL or (self.state_now if state is None else state) in self.LEGAL[verb]

    def check_legal(self, verb: str, state: str | None = None) -> None:
        """Raise IllegalMove if the verb is not legal in this state; without one, in the state that the row has."""
        state = self.state_now if state is None else state
        if not self.is_legal(verb, state):
            raise IllegalMove(self.refusal(verb, state))

    def check_seen(self, seen: int | None) -> None:
        """Raise Changed if the row has another revision than the one that was seen; None skips the check."""
        if seen is not None and seen != self.revision:
            text = _("%(name)s has changed since you looked.") % {"name": self.display_name}
            raise Changed(text, list(self.changes_since(seen)))

    def changes_since(self, revision: int) -> models.QuerySet[Any]:
        """The changes after this revision, oldest first, with the rows that RECORDED names."""
        field_of = change_model(type(self))._meta.get_field
        people = [name for name in self.RECORDED if field_of(name).is_relation]
        changes: models.QuerySet[Any] = self.changes.filter(revision__gt=revision).select_related(*people)
        return changes

    @property
    def state_now(self) -> str:
        return str(getattr(self, self.STATE))

    def state_label(self, state: str) -> str:
        """A state in words."""
        field: Any = self._meta.get_field(self.STATE)
        return str(dict(field.flatchoices).get(state, state))

    # History

    def begin(self, verb: str, **context: Any) -> Self:
        """Save the row with the history of its first verb: a change for each tracked field that has a value.

        For methods of a queryset that create a row, such as "book" or "join". ``context`` has the RECORDED arguments.
        The row may be saved already, with revision 1, where its snapshot needs related rows; it is not saved again.
        """
        with transaction.atomic(), self.performing(context):
            self.check_rules()
            if self._state.adding or not self.revision:
                self.revision += 1
                self.save()
            self.write_history(verb, {}, self.snapshot(), [])
        return self

    @classmethod
    def begin_all(cls, verb: str, rows: Iterable[Self], topics: Iterable[str], **context: Any) -> None:
        """As ``begin``, for many rows that are saved already with revision 1. Publishes these topics only.

        ``check_rules`` and ``before_commit`` are not called.
        """
        with transaction.atomic():
            model = change_model(cls)
            model._default_manager.bulk_create(
                change for row in rows for change in row.new_changes(verb, differences({}, row.snapshot()), context)
            )
            publish(*topics)

    def record(self, verb: str, before: Before) -> None:
        """Save what differs, with its history."""
        after = self.snapshot()
        if after == before.snapshot:
            if not self.save_changed(before.stored).issubset(self.UNSHOWN):
                publish(*before.topics, *self.topics())
            return
        self.check_rules()
        self.revision += 1
        self.save_changed(before.stored)
        self.write_history(verb, before.snapshot, after, before.topics)

    def write_history(self, verb: str, before: dict[str, str], after: dict[str, str], topics_before: list[str]) -> None:
        changes = self.new_changes(verb, differences(before, after), self.context or {})
        change_model(type(self))._default_manager.bulk_create(changes)
        publish(*topics_before, *self.topics())
        self.before_commit(verb, changes)

    def new_changes(self, verb: str, differing: dict[str, tuple[str, str]], context: Mapping[str, Any]) -> list[Any]:
        """Unsaved rows of history, one for each field that differs."""
        values = {owner_name(type(self)): self, "verb": verb, "revision": self.revision, **context}
        return [
            self.new_change(**values, field=field, before=before, after=after)
            for field, (before, after) in differing.items()
        ]

    def new_change(self, **values: Any) -> Change:
        """An unsaved row of history. Override it to fill further columns."""
        return change_model(type(self))(**values)

    def stored_values(self) -> dict[str, Any]:
        """The values of its own columns, by field."""
        columns = [field for field in self._meta.concrete_fields if not getattr(field, "generated", False)]
        values = {field.name: self.__dict__.get(field.attname) for field in columns}
        return {name: deepcopy(value) if isinstance(value, dict | list) else value for name, value in values.items()}

    def save_changed(self, stored: dict[str, Any]) -> set[str]:
        """Save the columns that differ from these values, and return their names."""
        differing = {name for name, value in self.stored_values().items() if value != stored[name]}
        if differing:
            self.save(update_fields=differing)
        return differing

    @contextmanager
    def performing(self, context: Mapping[str, Any]) -> Iterator[None]:
        if self.context is not None:
            raise RuntimeError(f"{self!r} is changed by a verb already: a verb may call verbs of other rows only")
        self.context = context
        try:
            yield
        finally:
            self.context = None


def change_model(model: type[Tracked]) -> type[Change]:
    """The Change model of a Tracked model."""
    meta: Any = model._meta
    changes: type[Change] = meta.get_field("changes").related_model
    return changes


def owner_name(model: type[Tracked]) -> str:
    """The name of the foreign key in the Change model."""
    meta: Any = model._meta
    name: str = meta.get_field("changes").field.name
    return name
