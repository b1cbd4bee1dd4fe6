from datetime import time

from tracking.orders.demo.plans import Group, Item, Part, Plan

SMALL = {"Mozzarella": 150, "Mushrooms": 120, "Olives": 120, "Pepperoni": 200, "Prosciutto": 300, "Anchovies": 200}
LARGE = {"Mozzarella": 250, "Mushrooms": 200, "Olives": 200, "Pepperoni": 350, "Prosciutto": 500, "Anchovies": 350}
DOUGH = {"Wheat": 0, "Without gluten": 250}


def pizza(name: str, price: int, about: str, allergens: str, extras: dict[str, int] = SMALL, diets: str = "") -> Item:
    return Item(name, price, about, allergens, "Oven", diets, {"Dough": DOUGH, "Extras": extras}, minutes=9)


PIZZA = Plan(
    "forno-quattro",
    "Forno Quattro",
    "Terminal 4, near gate B31",
    "Pizza in ninety seconds, from an oven that has not been cold since 2011. The pan pizza is for two.",
    [("1234567", time(10), time(23), time(22, 30))],
    ["Oven", "Cold kitchen"],
    [
        Group("Dough", {"Wheat": "gluten", "Without gluten": ""}, minimum=1),
        Group(
            "Extras",
            {
                "Mozzarella": "milk",
                "Mushrooms": "",
                "Olives": "",
                "Pepperoni": "milk",
                "Prosciutto": "",
                "Anchovies": "fish",
            },
            maximum=6,
            most=2,
        ),
    ],
    [
        Part(
            "Pizza",
            [
                pizza("Margherita", 1250, "Tomato, mozzarella, basil", "gluten milk", diets="vegetarian"),
                pizza("Marinara", 1050, "Tomato, garlic, oregano", "gluten", diets="vegan"),
                pizza("Pepperoni", 1490, "Tomato, mozzarella, pepperoni", "gluten milk"),
                pizza("Quattro formaggi", 1550, "Four cheeses, no tomato", "gluten milk", diets="vegetarian"),
                pizza("Tonno", 1590, "Tuna, red onions, capers", "gluten milk fish sulphites"),
                pizza("Pan pizza for two", 2490, "Sixteen inches, tomato, mozzarella", "gluten milk", LARGE),
            ],
        ),
        Part(
            "Salads and sweets",
            [
                Item("Caprese", 990, "Buffalo mozzarella, tomatoes, basil", "milk", "Cold kitchen", "vegetarian"),
                Item("Rocket and parmesan", 850, "With lemon and oil", "milk", "Cold kitchen"),
                Item("Tiramisù", 750, "Made in the morning", "gluten eggs milk", "Cold kitchen", stock=18),
                Item("Cannolo", 490, "From a bakery in Howard Beach", None, "Cold kitchen", stock=24),
            ],
        ),
        Part(
            "Drinks",
            [
                Item("Still water", 300, "16 oz", "", "Cold kitchen", "vegan"),
                Item("Aranciata", 390, "Blood orange", "", "Cold kitchen", "vegan"),
                Item("Espresso", 320, "One, short", "", "Cold kitchen", "vegan"),
            ],
        ),
    ],
    {"minutes": 12, "walk": 7},
)
