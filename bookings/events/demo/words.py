"""What made-up people ask, write and vote on at the talks of the demo, and what a moderator tells them."""

QUESTIONS = [
    "How long does it take to learn to push back an aircraft?",
    "What happens to the bags that nobody ever comes for?",
    "Why do we board by groups if everybody stands up at once?",
    "Which sign have you taken down and never missed?",
    "Who decides that a gate is closed, a person or a clock?",
    "Could passengers see the same list of times that the crew sees?",
    "What is the most useful thing that a traveller can do in a storm?",
    "Do you plan for a full terminal or for an average one?",
    "How do you tell a delay before you know how long it will be?",
    "Is there a day in the year when everything went to plan?",
    "What would you change if it could cost nothing?",
    "Why is the walk to the last gate always the longest?",
    "How do night shifts eat?",
    "What did the last power cut teach you?",
    "How many people have to say yes before an aircraft may leave?",
    "Are falcons on a payroll?",
    "Does a quieter terminal make people miss their flights?",
    "How do you de-ice the machine that de-ices?",
    "What is written on the oldest sticky note in the control room?",
    "Can a small airport be the first with something?",
    "Who cleans the runway, and when?",
    "Where do you sit when you fly yourself?",
    "Which number do you look at first in the morning?",
    "How do you practise for something that never happens?",
    "Is there a word that you would ban from announcements?",
    "What do crews wish that passengers knew about weather?",
    "When will the plug fit?",
    "How do you explain a holding pattern to a child?",
]
OFF_TOPIC = ["Is the coffee free?", "Who has found a grey scarf?", "Can you make the hall warmer?"]  # are not shown

CHAT = [
    "Hello from the third row!",
    "The slides are readable from the back, thank you.",
    "My flight is late, so I stay for one more.",
    "That map of the belts is wonderful.",
    "Does anybody go to the workshop after this?",
    "There are seats left on the window side.",
    "Gate B32 says 40 minutes more. Lucky me.",
    "Nine minutes for a whole wing!",
    "I used to work there. It is all true.",
    "Please say that number again?",
    "The paper wings are flying over here already.",
    "Voted. It is closer than I thought.",
    "Best use of a delay this year.",
    "Could somebody open the curtain? There is a sunset.",
    "I never knew that a tug has a name.",
    "See you all at the next one.",
    "Who else came only for the birds?",
    "The answer about sticky notes made my day.",
    "Going to my gate now. Thank you!",
    "That was the clearest talk about fog that I have heard.",
]

ANNOUNCEMENTS = [
    "Water and tea are beside the entrance. Please take your cup with you.",
    "Workshops have places left: ask at the workshop corner.",
    "Lost something? The door has a box with scarves, glasses and one shoe.",
    "The lift beside belt 4 works again.",
    "Boarding calls are shown left of the stage. Leave whenever you have to.",
]

# What is asked, the choices, and how likely each is.
POLLS = [
    (
        "What should an airport spend on first?",
        ["More seats at the gates", "Signs that are right", "Quiet rooms", "Better food"],
        [4, 5, 3, 2],
    ),
    ("How early are you at the airport?", ["One hour", "Two hours", "Three hours", "I live here"], [3, 6, 3, 1]),
    ("Window, middle or aisle?", ["Window", "Middle", "Aisle"], [6, 1, 5]),
    ("Should a terminal be quiet?", ["Yes, no calls at all", "Only last calls", "No, tell me everything"], [4, 6, 2]),
    ("Which job would you take for a day?", ["Tower", "De-icing pad", "Falconer", "Lost property"], [5, 2, 6, 3]),
    ("How was this talk told to you?", ["Too fast", "Just right", "I was at the window"], [2, 7, 2]),
]
