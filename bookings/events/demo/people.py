"""Made-up people, and how they register before the demo begins: by the verbs of the pages. The same seed gives the same."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from django.utils import timezone
from payments import PaymentStatus

from accounts.models import User
from bookings.events.models import Event, Question, QuestionKind, Registration, RegistrationChange, State, TicketType
from checkout.models import Payment
from checkout.providers import provider_name
from clocks import MINUTE

FIRST = [
    "Aino", "Bao", "Carmen", "Dilip", "Esi", "Frida", "Goran", "Hiba", "Ilse", "Jonah", "Kaveh", "Lwazi", "Marta",
    "Nils", "Oona", "Paulo", "Qiana", "Rasmus", "Saoirse", "Teo", "Urszula", "Vera", "Wim", "Xavi", "Yusra", "Zelda",
]  # fmt: skip
LAST = [
    "Abara", "Bergström", "Costa", "Demir", "Eriksen", "Fontaine", "Grigoryan", "Horvat", "Ivanova", "Jansen", "Kato",
    "Laine", "Mokoena", "Nakamura", "Oyelaran", "Pereira", "Quispe", "Rahimi", "Santoro", "Takala", "Ueda", "Vance",
]  # fmt: skip
PAID_AFTER = 3 * MINUTE


class Person(NamedTuple):
    name: str
    email: str
    user: User | None = None

    @classmethod
    def of(cls, user: User) -> "Person":
        return cls(user.get_full_name(), user.email, user)


def someone(chance: random.Random) -> Person:
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    return Person(name, f"guest{chance.randrange(10_000)}@guests.example")


def past_moments(chance: random.Random, days: float, count: int) -> list[datetime]:
    """Random moments of the last days, the earliest first."""
    now = timezone.now()
    return sorted(now - timedelta(days=chance.uniform(0.02, days)) for _number in range(count))


def fill(
    event: Event, parties: Sequence[Mapping[TicketType, int]], chance: random.Random, days: float
) -> list[Registration]:
    """Parties register, and pay what they owe, in the last so many days. They get no mail: nobody would read it."""
    made = []
    for party, at in zip(parties, past_moments(chance, days, len(parties)), strict=True):
        person = someone(chance)
        registration = register(event, party, person._replace(email=""), chance, at)
        Registration.objects.filter(pk=registration.pk).update(email=person.email)
        made.append(registration)
    return made


def register(
    event: Event,
    wanted: Mapping[TicketType, int],
    person: Person,
    chance: random.Random,
    at: datetime | None = None,
    pays: bool = True,
    voucher: str = "",
) -> Registration:
    """Hold and book, as the pages do; ``at``: when it was. What it costs is paid, unless it needs approval first."""
    keys = {type_.pk: count for type_, count in wanted.items()}
    held: Registration = Registration.objects.hold(event, keys, uuid4(), voucher, user=person.user)
    tickets = list(held.tickets.select_related("type"))
    names = {ticket.pk: someone(chance).name for ticket in tickets} | {tickets[0].pk: person.name}
    answers = {
        (ticket.pk, question.pk): answer_to(question, chance)
        for question in event.questions.all()
        for ticket in tickets
    }
    held.book(person.name, person.email, user=person.user, names=names, answers=answers)
    if held.state == State.UNPAID and pays:
        pay(held, at or timezone.now())
    if at:
        put_back(held, at)
    return held


def answer_to(question: Question, chance: random.Random) -> str:
    if question.kind == QuestionKind.CHOICE:
        return chance.choice(question.options)
    if question.kind == QuestionKind.YES:
        return chance.choices(["no", "yes"], [9, 1])[0]
    return ""


def pay(registration: Registration, at: datetime) -> None:
    """Its money has come, from the provider of the demo."""
    owed = registration.amount_due()
    payment = Payment.objects.create(
        thing=registration,
        variant=provider_name() or "default",
        status=PaymentStatus.CONFIRMED,
        amount=owed.amount,
        currency=owed.currency,
        total=owed.units,
        captured_amount=owed.units,
        settled_at=at + PAID_AFTER,
        description=registration.payment_title(),
    )
    registration.paid(payment)


def put_back(registration: Registration, at: datetime) -> None:
    """It was registered then."""
    moments = {"made_at": at, "booked_at": at + MINUTE}
    if registration.confirmed_at:
        moments["confirmed_at"] = at + PAID_AFTER
    Registration.objects.filter(pk=registration.pk).update(**moments)
    RegistrationChange.objects.filter(registration=registration).update(at=at)


def parties(
    chance: random.Random, types: Mapping[TicketType, int], sizes: Sequence[int], weights: Sequence[int]
) -> Iterator[dict[TicketType, int]]:
    """Parties of random sizes that together have exactly so many places of each type."""
    for type_, places in types.items():
        while places:
            size = min(places, chance.choices(sizes, weights)[0])
            yield {type_: size}
            places -= size


def staff(name: str) -> Any:
    """The account of this name; None where the demo has not made it."""
    return User.objects.filter(email=f"{name}@airside.example").first()
