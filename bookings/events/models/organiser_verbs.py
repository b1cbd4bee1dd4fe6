"""What organisers, the money and the clock do with a registration."""

from django.utils.translation import gettext as _

from bookings.events.models.keeping import KeepsPlaces
from bookings.events.models.refusals import IllegalMove
from bookings.events.models.states import State
from verbs.models import verb


class OrganiserVerbs(KeepsPlaces):
    staff_note: str

    class Meta:
        abstract = True

    @verb
    def approve(self) -> None:
        """Its places were kept meanwhile; what costs something has to be paid now."""
        self.check_takes_place()
        self.ask_for_money(self.capacity.now)
        self.put_places()

    @verb
    def decline(self, reason: str = "") -> None:
        self.end(State.DECLINED, reason)

    @verb
    def call_off(self, reason: str = "") -> None:
        """Also where attendees may not cancel any more. What was paid goes back."""
        self.end(State.CANCELLED, reason)

    @verb
    def note(self, text: str) -> None:
        self.staff_note = text

    @verb
    def confirm(self) -> None:
        """The money has come."""
        self.check_takes_place()
        self.check_in_time()
        self.state, self.expires_at, self.confirmed_at = State.CONFIRMED, None, self.capacity.now
        self.put_places()

    @verb
    def lapse(self) -> None:
        """It was not paid in time. Its places are free since its deadline, whether or not a job has been here."""
        if self.expires_at is not None and self.expires_at > self.capacity.now:
            raise IllegalMove(_("There is still time to pay."))
        self.end(State.LAPSED, _("Not paid in time"))
