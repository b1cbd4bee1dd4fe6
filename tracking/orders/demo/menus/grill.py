from datetime import time

from tracking.orders.demo.plans import Group, Item, Part, Plan

EXTRAS = {"Bacon": 250, "Fried egg": 200, "Extra cheese": 150, "Jalapeños": 100}

GRILL = Plan(
    "runway-grill",
    "Runway Grill",
    "Terminal 5, opposite gate 14",
    "Burgers from the flat-top, day and night. Watch the 13L arrivals from the counter while you wait.",
    [("1234567", time(0), time(0), None)],
    ["Grill", "Fryer", "Drinks"],
    [
        Group("How it is done", {"Pink": "", "Well done": ""}, minimum=1),
        Group(
            "Extras", {"Bacon": "", "Fried egg": "eggs", "Extra cheese": "milk", "Jalapeños": "sulphites"}, maximum=4
        ),
        Group("Leave out", {"No onions": "", "No pickles": "", "No sauce": ""}, maximum=3),
        Group("Dip", {"Ketchup": "celery", "Mayonnaise": "eggs mustard", "Chipotle": "eggs"}, maximum=2, free=1),
        Group("Burger", {"Runway burger": None, "Cheese burger": None, "Garden burger": None}, minimum=1, dishes=True),
        Group("Side", {"French fries": None, "Sweet potato fries": None, "Side salad": None}, minimum=1, dishes=True),
        Group("Drink", {"Cola": None, "Lemonade": None, "Vanilla shake": None}, minimum=1, dishes=True),
    ],
    [
        Part(
            "Burgers",
            [
                Item(
                    "Runway burger",
                    1390,
                    "Beef, lettuce, tomato, pickles, house sauce, potato bun",
                    "gluten eggs milk mustard sesame",
                    "Grill",
                    choices={"How it is done": 0, "Extras": EXTRAS, "Leave out": 0},
                ),
                Item(
                    "Cheese burger",
                    1490,
                    "Beef, two slices of cheddar, pickles, house sauce",
                    "gluten eggs milk mustard sesame",
                    "Grill",
                    choices={"How it is done": 0, "Extras": {**EXTRAS, "Extra cheese": 100}, "Leave out": 0},
                ),
                Item(
                    "Double runway",
                    1890,
                    "Two of everything that a runway burger has one of",
                    "gluten eggs milk mustard sesame",
                    "Grill",
                    minutes=11,
                    choices={
                        "How it is done": 0,
                        "Extras": {**EXTRAS, "Bacon": 350, "Extra cheese": 250},
                        "Leave out": 0,
                    },
                ),
                Item(
                    "Garden burger",
                    1290,
                    "Black beans, beetroot, avocado, wholemeal bun",
                    "gluten sesame soya",
                    "Grill",
                    "vegetarian vegan",
                    choices={"Extras": {"Jalapeños": 100, "Extra cheese": 150}, "Leave out": 0},
                ),
            ],
        ),
        Part(
            "Menus",
            [
                Item(
                    "Burger menu",
                    1990,
                    "A burger, a side and a drink",
                    None,
                    "Grill",
                    is_combo=True,
                    choices={
                        "Burger": {"Runway burger": 0, "Cheese burger": 100, "Garden burger": 0},
                        "Side": {"French fries": 0, "Sweet potato fries": 100, "Side salad": 0},
                        "Drink": {"Cola": 0, "Lemonade": 0, "Vanilla shake": 300},
                    },
                ),
            ],
        ),
        Part(
            "Sides",
            [
                Item("French fries", 450, "With sea salt", "", "Fryer", "vegetarian vegan", choices={"Dip": 80}),
                Item("Sweet potato fries", 550, "With paprika", "", "Fryer", "vegetarian vegan", choices={"Dip": 80}),
                Item("Onion rings", 520, "In beer batter", "gluten", "Fryer", "vegetarian", choices={"Dip": 80}),
                Item("Chicken wings", 990, "Six, hot", "celery milk", "Fryer", "halal", stock=40, choices={"Dip": 80}),
                Item("Side salad", 490, "Leaves, cucumber, vinaigrette", "mustard sulphites", "Drinks", "vegan"),
            ],
        ),
        Part(
            "Drinks",
            [
                Item("Cola", 350, "With ice, 16 oz", "", "Drinks", "vegan"),
                Item("Lemonade", 390, "Pressed here", "", "Drinks", "vegan"),
                Item("Vanilla shake", 690, "Thick", "milk", "Drinks", "vegetarian"),
                Item("Draught lager", 890, "From Queens. With a valid ID", "gluten", "Drinks"),
            ],
        ),
    ],
    {"minutes": 10, "walk": 6},
)
