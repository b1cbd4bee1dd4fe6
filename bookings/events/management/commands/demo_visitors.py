from bookings.events.demo.actors import Visitors


class Command(Visitors):
    help = (
        "Let people register, cancel, wait, come, ask and vote at the events of the demo, and a moderator and a door "
        "work, through pages and forms, until told to stop."
    )
