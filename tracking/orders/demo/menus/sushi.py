from datetime import time

from tracking.orders.demo.plans import Group, Item, Part, Plan

TOPPINGS = {"Avocado": 150, "Edamame": 100, "Mango": 120, "Cucumber": 80, "Salmon roe": 300, "Seaweed salad": 150}
SAUCES = {"Soy sauce": 0, "Soy sauce without wheat": 0, "Spicy mayonnaise": 60}

SUSHI = Plan(
    "tideline-sushi",
    "Tideline Sushi",
    "Terminal 4, near gate B38",
    "Rolled when you order. Bowls come with two toppings, and have room for four.",
    [("12345", time(10, 30), time(21, 30), time(21)), ("67", time(11), time(21), time(20, 30))],
    ["Sushi", "Hot kitchen"],
    [
        Group("Fish", {"Salmon": "fish", "Tuna": "fish", "Tofu": "soya", "Shrimp": "crustaceans"}, minimum=1),
        Group(
            "Toppings",
            {
                "Avocado": "",
                "Edamame": "soya",
                "Mango": "",
                "Cucumber": "",
                "Salmon roe": "fish",
                "Seaweed salad": "sesame soya",
            },
            maximum=4,
            free=2,
            most=2,
        ),
        Group(
            "Sauce",
            {"Soy sauce": "gluten soya", "Soy sauce without wheat": "soya", "Spicy mayonnaise": "eggs mustard"},
            maximum=2,
        ),
    ],
    [
        Part(
            "Bowls",
            [
                Item(
                    "Poke bowl",
                    1590,
                    "Rice, fish of your choice, two toppings; up to four",
                    "sesame",
                    "Sushi",
                    choices={"Fish": {"Salmon": 0, "Tuna": 200, "Tofu": 0, "Shrimp": 100}, "Toppings": TOPPINGS},
                ),
                Item(
                    "Large poke bowl",
                    2090,
                    "The same for who has missed lunch",
                    "sesame",
                    "Sushi",
                    choices={"Fish": {"Salmon": 0, "Tuna": 350, "Tofu": 0, "Shrimp": 200}, "Toppings": TOPPINGS},
                ),
            ],
        ),
        Part(
            "Rolls and boxes",
            [
                Item("Salmon avocado roll", 1190, "Eight pieces", "fish sesame", "Sushi", choices={"Sauce": SAUCES}),
                Item("Cucumber roll", 790, "Eight pieces", "sesame", "Sushi", "vegan", {"Sauce": SAUCES}),
                Item("Spicy tuna roll", 1290, "Eight pieces", "fish eggs mustard sesame", "Sushi"),
                Item(
                    "Captain's box",
                    2490,
                    "Twelve nigiri, what the market had",
                    None,
                    "Sushi",
                    minutes=14,
                    stock=9,
                    choices={"Sauce": SAUCES},
                ),
            ],
        ),
        Part(
            "Hot",
            [
                Item("Miso soup", 390, "Tofu, wakame", "soya fish", "Hot kitchen"),
                Item("Edamame", 590, "With sea salt", "soya", "Hot kitchen", "vegan"),
                Item("Gyoza", 890, "Six, pork", "gluten soya sesame", "Hot kitchen", stock=30),
                Item("Green tea", 350, "Sencha", "", "Hot kitchen", "vegan"),
            ],
        ),
    ],
    {"minutes": 13, "walk": 7},
)
