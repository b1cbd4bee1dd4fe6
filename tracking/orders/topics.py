"""The topics of orders: what can change."""


def shops() -> str:
    """Which shops there are, their names and hours, and whether they are busy or paused."""
    return "shops"


def menu(shop: int) -> str:
    """What a shop sells now: dishes, prices, what is sold out, its hours, and whether it is busy or paused."""
    return f"menu-{shop}"


def shop_orders(shop: int) -> str:
    """Any order of a shop: for its kitchen, its runners and its wall."""
    return f"shop-orders-{shop}"


def stage(shop: int, state: str) -> str:
    """The orders of a shop in one state, those that come into it and those that leave it: for a column of its kitchen."""
    return f"shop-orders-{shop}-{state}"


def order(pk: int) -> str:
    return f"order-{pk}"


def basket(pk: int) -> str:
    """What somebody has put into a basket, in another tab too."""
    return f"basket-{pk}"


def customer(user: int) -> str:
    """The orders of one account."""
    return f"orders-of-{user}"
