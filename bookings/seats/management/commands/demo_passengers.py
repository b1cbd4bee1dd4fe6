from bookings.seats.demo.actors import Passengers


class Command(Passengers):
    help = "Let passengers book flights of the demo, through its pages and forms, until told to stop."
