from tracking.orders.demo.actors import Rush


class Command(Rush):
    help = (
        "Let customers order at shops of the demo and their kitchens work, through pages and forms, until told to stop."
    )
