"""Synonyms shared by all phrase tables, and the people of the little world.

Lists of single words stay whole in every split; lists holding phrases lose every 7th item to held-out texts.
"""

WORDS = {
    "SURE": ["sure", "certain", "quite sure", "convinced", "positive", "absolutely sure", "completely certain"],
    "UNSURE": ["not sure", "unsure", "uncertain", "not certain", "in doubt", "not so sure", "far from sure"],
    "SURELY": ["certainly", "definitely", "surely", "clearly", "absolutely", "of course", "undoubtedly"],
    "MAYBE": ["maybe", "perhaps", "possibly", "it may be that", "it could be that", "maybe, just maybe,"],
    "HOPEFUL": ["hopeful", "full of hope", "in good spirits", "cheerful", "encouraged", "optimistic", "glad"],
    "HOPELESS": ["hopeless", "without hope", "beyond saving", "lost", "pointless", "doomed", "useless"],
    "BETTER": ["better", "brighter", "stronger", "happier", "easier"],
    "WORSE": ["worse", "darker", "weaker", "sadder", "harder"],
    "SOON": ["soon", "before long", "in a few days", "in time", "by spring", "step by step", "in the end"],
    "WONT": ["won't", "can't", "will not", "cannot", "am not going to", "must not", "refuse to"],
    "HEY": ["hey", "hi", "yo", "oh hey", "hiya", "hey there", "hey you"],
    "MATE": ["mate", "buddy", "pal", "man", "dude", "folks", "guys"],
    "LOL": ["lol", "haha", "ha", "no biggie", "whatever", "no worries", "you know"],
    "SIR": ["Sir or Madam", "Sir", "Madam", "members of the council", "colleagues", "guests", "friends of the house"],
    "INFORM": ["inform you", "let you know", "report", "state", "announce", "confirm", "advise you"],
    "KINDLY": ["kindly", "respectfully", "humbly", "formally", "hereby"],
    "GUESS": ["guess", "suppose", "imagine", "think", "would guess"],
    "WHEN": [
        "Last week", "In the night", "This morning", "On Monday", "Two days ago", "After the feast", "Yesterday",
        "In early spring", "At dawn", "A month ago", "Just before noon", "On the first day of autumn", "One evening",
        "At the end of the week",
    ],
}

PHRASES = {
    "SAYQ": [
        'said, "', 'told the others, "', 'wrote in {his} diary, "', 'answered, "', 'thought, "', 'said to the helper, "',
        'told a friend, "', 'replied, "', 'said quietly, "', 'wrote on a card, "', 'told the family, "',
        'turned around and said, "', 'said at supper, "', 'said to the children, "',
    ],
    "ENDC": [
        "{He} told everyone that", "{He} felt that", "{He} said that", "It seemed to {him} that",
        "{He} told {himself} that", "{He} wrote home that", "{He} answered that",
    ],
    "YEARS": [
        "two years", "many years", "ten years", "half {his} life", "a few months", "a long time", "only one summer",
    ],
    "ASKER": [
        "a stranger", "a friend", "the mayor", "a child", "an old man", "a traveller", "the neighbour", "a young woman",
        "the boss", "a guest", "the teacher", "a visitor", "the new helper", "a man with a hat",
    ],
    "FRIEND": [
        "an old friend", "{his} best friend", "{his} little brother", "the neighbour", "{his} cousin",
        "a friend from school", "{his} sister", "the others", "the team", "the family",
    ],
}

NAMES = [
    ("Mara", "she"), ("Tom", "he"), ("Lena", "she"), ("Ben", "he"), ("Ida", "she"), ("Paul", "he"), ("Nora", "she"),
    ("Max", "he"), ("Anna", "she"), ("Emil", "he"), ("Rosa", "she"), ("Finn", "he"), ("Clara", "she"), ("Hugo", "he"),
    ("Vera", "she"), ("Jonas", "he"), ("Mia", "she"), ("Oskar", "he"), ("Ella", "she"), ("Karl", "he"), ("Lucy", "she"),
    ("Simon", "he"), ("Greta", "she"), ("Otto", "he"), ("Julia", "she"), ("Leo", "he"), ("Sara", "she"), ("Adam", "he"),
]
