"""A domain that only the tests of verbs have: parcels in lockers, with stamps, and letters that are sent about them."""

from django.db import models
from django.utils import timezone

from verbs.history import Change
from verbs.models import Tracked, verb
from verbs.refusals import Refused


class TooHeavy(Refused):
    """Nobody carries it."""


class Locker(models.Model):
    name = models.CharField(max_length=10)


class ParcelQuerySet(models.QuerySet):
    def register(self, note="", locker=None, stamps=(), by=None):
        parcel = self.model(note=note, locker=locker)
        if stamps:
            parcel.save()
            for text in stamps:
                parcel.stamps.create(text=text)
        return parcel.begin("register", by=by)

    def register_all(self, notes, by=None):
        parcels = self.bulk_create(self.model(note=note, revision=1) for note in notes)
        self.model.begin_all("register", parcels, ["parcels"], by=by)
        return parcels


class Parcel(Tracked):
    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "On its way"
        LOST = "lost", "Lost"

    STATE = "stage"
    LEGAL = {"send": (State.WAITING,), "lose": (State.WAITING, State.SENT), "send_with": (State.WAITING,)}
    TRACKED = ("stage", "note", "due_at", "locker")
    RECORDED = ("by", "scanner")

    stage = models.CharField("state", max_length=10, choices=State, default=State.WAITING)
    note = models.CharField("note", max_length=100, blank=True)
    due_at = models.DateTimeField("due", null=True)
    locker = models.ForeignKey(Locker, models.SET_NULL, null=True, related_name="parcels")
    grams = models.PositiveIntegerField(default=0)

    objects = ParcelQuerySet.as_manager()

    def __str__(self):
        return f"Parcel {self.pk}"

    def snapshot(self):
        stamps = sorted(stamp.text for stamp in self.stamps.all())
        return {**super().snapshot(), "stamps": ", ".join(stamps)}

    def check_rules(self):
        if self.grams > 1000:
            raise TooHeavy("It is too heavy.")

    def topics(self):
        return [f"parcel-{self.pk}", *([f"locker-{self.locker_id}"] if self.locker_id else [])]

    def before_commit(self, verb, changes):
        for change in changes:
            Letter.objects.create(parcel=self, text=f"{verb}: {change.field}")

    @verb
    def send(self, due_at=None):
        self.stage, self.due_at = self.State.SENT, due_at or timezone.now()

    @verb
    def lose(self):
        self.stage = self.State.LOST

    @verb
    def annotate(self, note):
        self.note = note

    @verb
    def weigh(self, grams):
        self.grams = grams

    @verb
    def put_into(self, destination):
        self.locker = destination

    @verb
    def stamp(self, *texts):
        for text in texts:
            self.stamps.create(text=text)

    @verb
    def stamp_and_weigh(self, text, grams):
        """The stamp is in the database when the weight is refused."""
        self.note = text
        self.grams = grams
        self.stamps.create(text=text)

    @verb
    def send_with(self, other):
        """Another parcel goes first, by the same person."""
        other.send(**self.context)
        self.stage = self.State.SENT

    @verb
    def send_twice(self):
        self.send()


class ParcelChange(Change):
    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="changes")
    scanner = models.CharField(max_length=10, null=True)

    class Meta(Change.Meta):
        indexes = [models.Index(fields=["parcel", "revision"])]


class Stamp(models.Model):
    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="stamps")
    text = models.CharField(max_length=20)

    class Meta:
        verbose_name_plural = "stamps"


class Letter(models.Model):
    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="letters")
    text = models.CharField(max_length=60)
