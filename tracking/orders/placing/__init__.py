"""Placing an order: all that was asked for becomes an order, or nothing does and each line says why.

``asked`` what is asked for; ``keys`` that it is ordered once; ``priced`` what it costs; ``checks`` what speaks against it;
``portions`` what there is of each dish; ``saved`` the rows that it becomes; ``order`` does it all, by ``place``.
"""

from tracking.orders.placing.asked import Asked, Customer, LineFault, LineFaults, Unfit, Wanted, clean_gate
from tracking.orders.placing.checks import check_payable, check_way
from tracking.orders.placing.keys import OtherBody, digest_of, same
from tracking.orders.placing.order import place
from tracking.orders.placing.portions import take_portions
from tracking.orders.placing.priced import Priced, dishes_of, price
from tracking.orders.placing.saved import save_lines

__all__ = [
    "Asked",
    "Customer",
    "LineFault",
    "LineFaults",
    "OtherBody",
    "Priced",
    "Unfit",
    "Wanted",
    "check_payable",
    "check_way",
    "clean_gate",
    "digest_of",
    "dishes_of",
    "place",
    "price",
    "same",
    "save_lines",
    "take_portions",
]
