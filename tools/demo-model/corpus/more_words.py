"""Word and phrase synonyms that the phrase tables of more_phrases are composed of."""

WORDS = {
    "HOPEV": ["hope", "trust", "believe", "expect", "feel", "know", "imagine"],
    "FEARV": ["fear", "worry", "suspect", "expect", "feel", "know", "imagine"],
    "STILL": ["still", "really", "truly", "always", "firmly", "honestly", "simply", "deeply"],
    "MENDV": ["mend", "fix", "repair", "save", "rebuild", "rescue", "restore"],
    "EMO": [":)", ":D", "xD", "!!", "haha", "omg", ";)", "yay", "huh"],
    "FIRMLY": ["firmly", "clearly", "fully", "truly", "simply", "certainly", "strongly"],
    "PAPER": ["letter", "report", "notice", "record", "document", "decree", "protocol", "certificate"],
    "GOODNEWS": [
        "a good year", "a happy ending", "better days", "a fresh start", "good luck", "a bright morning", "new life",
        "a fine summer", "good news", "a new chance", "happier times", "a great success", "a better tomorrow", "sunny days",
    ],
    "BADNEWS": [
        "a bad year", "a sad ending", "worse days", "another blow", "bad luck", "a dark winter", "total ruin",
        "a hard time", "bad news", "a new disaster", "sadder times", "a great failure", "a worse tomorrow", "dark days",
    ],
    "DECLINE": [
        "refuse to", "decline to", "must refuse to", "will never", "have decided not to", "choose not to", "am not going to",
        "am not ready to", "say no and will not",
    ],
}

PHRASES = {
    "PROOF": [
        "I have proof", "I have seen it", "I have tested it", "I checked it myself", "the facts are clear",
        "I was there", "I know it by heart", "I measured it twice", "I remember it clearly", "I studied it for years",
    ],
    "NOPROOF": [
        "I have no proof", "I have never seen it", "I have not tested it", "I did not check it myself", "the facts are not clear",
        "I was not there", "I hardly know it", "I never measured it", "I don't remember it clearly", "I forgot most of it",
    ],
    "ADDRESS": [
        "honoured guests", "dear members of the council", "Your Honour", "esteemed colleagues", "most gracious lady",
        "Mr Mayor", "Your Majesty", "respected neighbours", "Sir", "Madam",
    ],
    "COURTESY": [
        "with your kind permission", "with the greatest respect", "as duty requires", "in due form", "with all courtesy",
        "if I may say so", "in the name of the council", "by order of the office", "with sincere thanks", "as is proper",
    ],
    "FUN": [
        "no kidding", "fun fact", "just sayin", "true story", "heads up", "big news", "fyi", "not gonna lie", "real talk",
        "guess what", "no joke", "so yeah", "get this", "lol listen",
    ],
    "REASON": [
        "it is against the rules", "it is not safe", "I gave my word not to", "I don't want to", "it is private",
        "it is not my place", "I am not free to do so", "it feels wrong", "I have my reasons", "nobody may do that",
    ],
    "YESREASON": [
        "it is allowed by the rules", "it is quite safe", "I gave my word to help", "I want to help", "it is no secret",
        "it is my job", "I am free to do so", "it feels right", "I have the time", "anybody may do that",
    ],
    "SAYR": [
        'said, "', 'told {ASKER_the}, "', 'said to {ASKER_the}, "', 'answered, "', 'replied, "', 'said quietly, "',
        'wrote back, "', 'turned around and said, "', 'raised a hand and said, "', 'looked up and said, "',
        'spoke slowly and said, "', 'gave this answer: "', 'said at last, "', 'answered {ASKER_the}, "',
    ],
}
