from datetime import time

from tracking.orders.demo.plans import Group, Item, Part, Plan

MILK = {"Whole milk": 0, "Oat": 60, "Almond": 60}
SYRUPS = {"Vanilla": 70, "Caramel": 70, "Hazelnut": 70}


def coffee(name: str, small: int, about: str, allergens: str = "milk", diets: str = "vegetarian") -> Item:
    choices = {
        "Size": {"8 oz": 0, "12 oz": 70, "16 oz": 120},
        "Milk": MILK,
        "Shots and syrups": {"Shot": 100, **SYRUPS},
    }
    return Item(name, small, about, allergens, "Bar", diets, choices, minutes=3)


COFFEE = Plan(
    "first-wave-coffee",
    "First Wave Coffee",
    "Terminal 5, beside gate 6",
    "Espresso before the first departure. You pay at the counter, and walk past the line.",
    [("1234567", time(3, 30), time(22), None)],
    ["Bar"],
    [
        Group("Size", {"8 oz": "", "12 oz": "", "16 oz": ""}, minimum=1),
        Group("Milk", {"Whole milk": "milk", "Oat": "gluten", "Almond": "nuts"}, minimum=1),
        Group(
            "Shots and syrups",
            {"Shot": "", "Vanilla": "", "Caramel": "milk", "Hazelnut": "nuts"},
            maximum=3,
            most=2,
        ),
    ],
    [
        Part(
            "Coffee",
            [
                coffee("Cappuccino", 450, "One shot, foam"),
                coffee("Latte", 480, "One shot, much milk"),
                coffee("Flat white", 490, "Two shots"),
                Item("Espresso", 320, "One, short", "", "Bar", "vegan", minutes=2),
                Item("Drip coffee", 340, "From Colombia, this week", "", "Bar", "vegan", minutes=2),
                Item("Cold brew", 490, "Eighteen hours", "", "Bar", "vegan", minutes=2, stock=35),
            ],
        ),
        Part(
            "Not coffee",
            [
                coffee("Hot chocolate", 490, "Dark", "milk soya"),
                Item("Mint tea", 380, "Fresh leaves", "", "Bar", "vegan"),
                Item("Orange juice", 520, "Pressed when you order", "", "Bar", "vegan"),
            ],
        ),
        Part(
            "Beside it",
            [
                Item("Banana bread", 420, "A thick slice", "gluten eggs milk nuts", "Bar", "vegetarian", stock=16),
                Item("Protein bar", 390, "The wrapper says what is in it", None, "Bar"),
            ],
        ),
    ],
    {"minutes": 4, "walk": 6, "pays_online": False, "delivers": False},
)
