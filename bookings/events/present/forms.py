"""What people present and organisers write. Each form has the page's key: sent twice, it is written once."""

from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.events.models import Announcement, AudienceQuestion, ChatMessage, Event, Poll, Ticket
from bookings.events.models.polls import MOST_OPTIONS, OPTION
from bookings.events.models.polls import TEXT as POLL_TEXT
from bookings.events.models.present import NAME, TEXT
from once import OnceField


def text_field(label: Any, most: int = TEXT, rows: int = 3, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most, "dir": "auto"})
    return forms.CharField(label=label, max_length=most, widget=widget, **options)


class WriteForm(forms.Form):
    """``slug``: the end of its address, its DOM id and the name of its address. ``ticket``: None for an organiser."""

    slug: ClassVar[str]
    view: ClassVar[str]
    label: ClassVar[str | Promise]
    button: ClassVar[str | Promise]
    done_text: ClassVar[str | Promise]
    key = OnceField()

    def __init__(
        self, event: Event, data: Any = None, ticket: Ticket | None = None, by: Any = None, name: str = ""
    ) -> None:
        self.event, self.ticket, self.by = event, ticket, by
        super().__init__(data, initial={"name": name}, auto_id=f"{self.slug}-%s")

    @property
    def action(self) -> str:
        return reverse(f"events:{self.view}", args=[self.event.slug])

    def do(self) -> Any:
        """Write it. Raises Refused, with nothing written."""
        raise NotImplementedError

    def fresh(self) -> "WriteForm":
        """Another one to write in, which remembers the name."""
        return type(self)(self.event, ticket=self.ticket, by=self.by, name=self.cleaned_data.get("name", ""))


class Ask(WriteForm):
    slug, view = "ask", "ask"
    label, button = _("Ask a question"), _("Send the question")
    done_text = _("Thank you. A moderator looks at it before it shows.")
    text = text_field(_("Your question to the stage"))
    name = forms.CharField(
        label=_("Name that others see"),
        max_length=NAME,
        required=False,
        help_text=_("Empty: nobody sees who asked."),
    )

    def do(self) -> Any:
        data, ticket = self.cleaned_data, self.ticket
        assert ticket is not None
        return AudienceQuestion.objects.ask(self.event, data["text"], ticket, data["name"], data["key"])


class Say(WriteForm):
    slug, view = "say", "say"
    label, button = _("Write in the chat"), _("Send the message")
    done_text = _("Sent.")
    text = text_field(_("Your message to everybody"), rows=2)
    name = forms.CharField(label=_("Name that others see"), max_length=NAME)

    def do(self) -> Any:
        data = self.cleaned_data
        return ChatMessage.objects.say(self.event, data["text"], data["name"], data["key"], self.ticket)


class SayAsOrganiser(Say):
    view = "say-as-organiser"


class Announce(WriteForm):
    slug, view = "announce", "announce"
    label, button = _("Announce something"), _("Announce it to everybody")
    done_text = _("Announced.")
    text = text_field(_("Announcement"))

    def do(self) -> Any:
        return Announcement.objects.announce(self.event, self.cleaned_data["text"], self.cleaned_data["key"], self.by)


class NewPoll(WriteForm):
    slug, view = "poll", "new-poll"
    label, button = _("New poll"), _("Make the poll")
    done_text = _("The poll is made. Open it when people are to vote.")
    text = text_field(_("Question of the poll"), POLL_TEXT, rows=2)
    options = forms.CharField(
        label=_("Choices, one a line"),
        max_length=MOST_OPTIONS * (OPTION + 2),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    hides_results = forms.BooleanField(label=_("Show the results only to those who have voted"), required=False)

    def do(self) -> Any:
        data = self.cleaned_data
        options = data["options"].splitlines()
        return Poll.objects.draft(self.event, data["text"], options, data["hides_results"], data["key"], self.by)
