from bookings.events.models.asked import AskedState, AudienceQuestion, AudienceQuestionChange, Vote
from bookings.events.models.capacity import Capacity, Ledger
from bookings.events.models.event_verbs import EventState
from bookings.events.models.events import Event, EventChange
from bookings.events.models.halls import Hall
from bookings.events.models.places import Place
from bookings.events.models.polls import Poll, PollChange, PollOption, PollState, PollVote
from bookings.events.models.present import Announcement, ChatMessage
from bookings.events.models.programme_verbs import SessionState
from bookings.events.models.quotas import Quota, TicketType
from bookings.events.models.refusals import (
    Changed,
    Closed,
    Full,
    IllegalMove,
    Known,
    NotValid,
    Refused,
    RoomLeft,
    TooLate,
    TooMany,
    Unfit,
)
from bookings.events.models.registrations import Registration, RegistrationChange
from bookings.events.models.scans import CheckInList, Reason, Scan, Way
from bookings.events.models.series import Series
from bookings.events.models.sessions import Favourite, MovedNotice, Room, Session, SessionChange
from bookings.events.models.states import Left, State, Use
from bookings.events.models.tickets import Answer, Question, QuestionKind, Ticket
from bookings.events.models.vouchers import Voucher
from bookings.events.models.waitlist import WaitlistEntry, WaitlistEntryChange

__all__ = [
    "Announcement",
    "Answer",
    "AskedState",
    "AudienceQuestion",
    "AudienceQuestionChange",
    "Capacity",
    "Changed",
    "ChatMessage",
    "CheckInList",
    "Closed",
    "Event",
    "EventChange",
    "EventState",
    "Favourite",
    "Full",
    "Hall",
    "IllegalMove",
    "Known",
    "Ledger",
    "Left",
    "MovedNotice",
    "NotValid",
    "Place",
    "Poll",
    "PollChange",
    "PollOption",
    "PollState",
    "PollVote",
    "Question",
    "QuestionKind",
    "Quota",
    "Reason",
    "Refused",
    "Registration",
    "RegistrationChange",
    "Room",
    "RoomLeft",
    "Scan",
    "Series",
    "Session",
    "SessionChange",
    "SessionState",
    "State",
    "Ticket",
    "TicketType",
    "TooLate",
    "TooMany",
    "Unfit",
    "Use",
    "Vote",
    "Voucher",
    "WaitlistEntry",
    "WaitlistEntryChange",
    "Way",
]
