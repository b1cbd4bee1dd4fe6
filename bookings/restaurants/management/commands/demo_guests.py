from bookings.restaurants.demo.actors import Guests


class Command(Guests):
    help = "Let guests come and go at a restaurant of the demo, through its pages and forms, until told to stop."
