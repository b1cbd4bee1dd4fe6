from datetime import time

from tracking.orders.demo.plans import Group, Item, Part, Plan

WITH = {"Soft egg": 180, "Extra noodles": 200, "Bok choy": 150, "Chilli oil": 50}
HEAT = {"Mild": 0, "Hot": 0, "Very hot": 0}


def soup(name: str, price: int, about: str, allergens: str | None, diets: str = "") -> Item:
    choices = {"Noodles": {"Wheat": 0, "Rice": 0, "Sweet potato": 100}, "Heat": HEAT, "With it": WITH}
    return Item(name, price, about, allergens, "Soup", diets, choices)


NOODLES = Plan(
    "lantern-noodles",
    "Lantern Noodles",
    "Terminal 8, near gate 33",
    "One broth of beef, one of mushrooms, and steam until the last departure has left.",
    [("1234567", time(10), time(2), time(1, 30))],
    ["Soup", "Steamer"],
    [
        Group("Noodles", {"Wheat": "gluten", "Rice": "", "Sweet potato": ""}, minimum=1),
        Group("Heat", {"Mild": "", "Hot": "", "Very hot": ""}, minimum=1),
        Group(
            "With it",
            {"Soft egg": "eggs", "Extra noodles": "gluten", "Bok choy": "", "Chilli oil": "sesame"},
            maximum=4,
            most=2,
        ),
    ],
    [
        Part(
            "Noodle soups",
            [
                soup("Beef noodle soup", 1590, "Brisket, twelve hours", "soya celery"),
                soup("Chicken noodle soup", 1490, "Ginger, scallions", "soya celery", "halal"),
                soup("Mushroom noodle soup", 1390, "Three kinds, and no fish sauce", "soya", "vegan"),
                soup("Laksa", 1690, "Coconut, shrimp, tofu", "crustaceans fish soya molluscs"),
                soup("Soup of the day", 1290, "Ask the kitchen", None),
            ],
        ),
        Part(
            "Steamed",
            [
                Item("Pork dumplings", 890, "Six", "gluten soya sesame", "Steamer", stock=36),
                Item("Vegetable dumplings", 850, "Six", "gluten soya sesame", "Steamer", "vegan", stock=30),
                Item("Custard bun", 420, "Two", "gluten eggs milk", "Steamer", "vegetarian", stock=20),
            ],
        ),
        Part(
            "Drinks",
            [
                Item("Jasmine tea", 350, "A pot", "", "Steamer", "vegan"),
                Item("Iced lemon tea", 420, "16 oz", "", "Steamer", "vegan"),
            ],
        ),
    ],
    {"minutes": 9, "walk": 8},
)
