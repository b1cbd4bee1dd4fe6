from datetime import time

from tracking.orders.demo.plans import Group, Item, Part, Plan

UNTAXED = "0"  # bread that is neither heated nor eaten there

BAKERY = Plan(
    "bluebird-bakery",
    "Bluebird Bakery",
    "Terminal 8, concourse C, near gate 40",
    "Baked three times a day behind the glass. Breakfast until 11.",
    [("1234567", time(4, 30), time(21), time(20, 30))],
    ["Counter", "Kitchen"],
    [
        Group("Eggs", {"Scrambled": "eggs milk", "Fried": "eggs", "Poached": "eggs"}, minimum=1),
        Group(
            "With it",
            {"Bacon": "", "Avocado": "", "Smoked salmon": "fish", "Hash browns": "", "Mushrooms": ""},
            maximum=3,
        ),
        Group("Spread", {"Butter": "milk", "Cream cheese": "milk", "Hummus": "sesame", "Jam": ""}, maximum=2, free=1),
        Group("Bread", {"Sourdough": "gluten", "Rye": "gluten", "Ciabatta": "gluten"}, minimum=1),
    ],
    [
        Part(
            "Breakfast",
            [
                Item(
                    "Two eggs",
                    1190,
                    "With toast and tomatoes",
                    "gluten",
                    "Kitchen",
                    choices={
                        "Eggs": {"Scrambled": 0, "Fried": 0, "Poached": 50},
                        "With it": {"Bacon": 300, "Avocado": 250, "Smoked salmon": 450, "Hash browns": 200},
                    },
                    minutes=8,
                ),
                Item(
                    "Avocado toast",
                    1090,
                    "Sourdough, chilli, lime",
                    "gluten",
                    "Kitchen",
                    "vegetarian vegan",
                    {"With it": {"Bacon": 250, "Smoked salmon": 400, "Mushrooms": 180}},
                ),
                Item("Porridge", 690, "Oats, apple, cinnamon", "gluten milk", "Kitchen", "vegetarian"),
                Item("Granola", 720, "With yoghurt and berries", "gluten milk nuts", "Counter", "vegetarian"),
            ],
            time(4, 30),
            time(11),
        ),
        Part(
            "From the oven",
            [
                Item(
                    "Croissant", 390, "Butter, a quarter of it", "gluten milk eggs", "Counter", "vegetarian", stock=45
                ),
                Item("Cinnamon roll", 450, "Warm", "gluten milk eggs", "Counter", "vegetarian", stock=20),
                Item("Bagel", 340, "Boiled, then baked", "gluten sesame", "Counter", "vegetarian", {"Spread": 120}),
                Item("Sourdough loaf", 890, "To take home", "gluten", "Counter", "vegan", stock=12, tax_rate=UNTAXED),
                Item("Cookie of the day", 320, "Ask what it is", None, "Counter"),
            ],
        ),
        Part(
            "Sandwiches",
            [
                Item(
                    "Turkey club",
                    1250,
                    "Turkey, bacon, tomato, mayonnaise",
                    "eggs mustard",
                    "Kitchen",
                    choices={"Bread": {"Sourdough": 0, "Rye": 0, "Ciabatta": 50}},
                ),
                Item(
                    "Grilled vegetables",
                    1090,
                    "Peppers, courgette, hummus",
                    "sesame",
                    "Kitchen",
                    "vegan",
                    {"Bread": {"Sourdough": 0, "Rye": 0, "Ciabatta": 0}},
                ),
            ],
            time(10),
            time(21),
        ),
        Part(
            "Drinks",
            [
                Item("Filter coffee", 320, "One size", "", "Counter", "vegan"),
                Item("Milk", 280, "From upstate", "milk", "Counter", "vegetarian"),
            ],
        ),
    ],
    {"minutes": 7, "walk": 9},
)
