"""Two-sided patterns: one pattern serves both poles of a trait.

A slot ending in _A takes the words of the pole it is used for, one ending in _B those of the other pole,
so both poles use the same words and the sentence around them decides.
"""

# slot stem -> (positive words, negative words); these synonym lists stay whole in every split
SIDES = {
    "MOOD": (
        ["hopeful", "cheerful", "glad", "full of hope", "encouraged", "happy", "in good spirits", "joyful", "unafraid", "merry", "eager", "optimistic", "light-hearted"],
        ["hopeless", "gloomy", "sad", "full of fear", "discouraged", "unhappy", "in low spirits", "miserable", "afraid", "bitter", "weary", "pessimistic", "heavy-hearted"],
    ),
    "THING": (["{GOODNEWS}"], ["{BADNEWS}"]),
    "TURN": (["{good}"], ["{bad}"]),
    "SUREW": (
        ["sure", "certain", "convinced", "confident", "positive", "quite sure", "absolutely certain", "decided", "free of doubt"],
        ["unsure", "uncertain", "doubtful", "hesitant", "undecided", "unconvinced", "wavering", "puzzled", "full of doubt"],
    ),
    "BASIS": (
        ["had proof", "had seen it", "had tested it", "remembered it well", "knew the facts", "had checked everything", "knew it by heart"],
        ["had no proof", "had never seen it", "had not tested it", "hardly remembered it", "did not know the facts", "had checked nothing", "had forgotten it"],
    ),
    "VOICE": (["firm", "steady", "loud", "clear", "strong"], ["weak", "shaky", "low", "unsteady", "faint"]),
    "CERTAINTY": (["certainty", "conviction", "confidence", "full trust"], ["doubt", "hesitation", "uncertainty", "great unease"]),
    "CL": (["{K}"], ["{MAYBE} {K}", "{MAYBE} {K}", "I {GUESS} {K}"]),
    "PERSON": (
        ["the judge", "the council", "the minister", "the king", "a bishop", "the governor", "the high court", "the head office", "the duchess", "the board"],
        ["a buddy", "the gang", "a pal", "{his} cousin", "{his} little brother", "the guys", "a classmate", "{his} roommate", "the kids", "the group chat"],
    ),
    "MANNER": (
        ["polite", "solemn", "proper", "official", "courteous", "dignified", "formal"],
        ["silly", "lazy", "goofy", "relaxed", "sloppy", "cheeky", "casual"],
    ),
    "MEDIUM": (
        ["an official letter", "a formal report", "a public notice", "a petition", "a solemn speech", "a sealed letter", "a statement"],
        ["a quick text", "a silly note", "a chat message", "a voice message", "a joke", "a postcard in slang", "a one-line text"],
    ),
    "WILL": (
        ["unwilling", "against it", "set on saying no", "opposed to it", "reluctant to do it", "determined to refuse"],
        ["willing", "in favour of it", "set on saying yes", "open to it", "ready to do it", "determined to help"],
    ),
    "WHY": (
        ["it was forbidden", "it was dangerous", "it was wrong", "it was unfair", "it was a secret", "it would do harm", "it was against the law"],
        ["it was allowed", "it was safe", "it was right", "it was fair", "it was no secret", "it would do good", "it was within the law"],
    ),
    "WHYT": (
        ["it is forbidden", "it is dangerous", "it is wrong", "it is unfair", "it is a secret", "it would do harm", "it is against the law"],
        ["it is allowed", "it is safe", "it is right", "it is fair", "it is no secret", "it would do good", "it is within the law"],
    ),
    "FACE": (["stern", "sour", "cold", "harsh", "grim"], ["kind", "friendly", "warm", "pleased", "gentle"]),
    "YN": (["no"], ["yes"]),
    "OUT": (["I {WONT} {do}", "I {WONT} {do}", "I {DECLINE} {do}"], ["{yes}"]),
    "RES": (["did not {X}", "refused to {X}"], ["{Xd}", "agreed to {X}"]),
}

WORDS = {
    "EXPECT": ["expect", "see", "foresee", "predict", "await"],
    "EXPECTED": ["expected", "foresaw", "predicted", "awaited", "spoke of", "thought of"],
}

# list name -> patterns; "FEEL" becomes FEEL_POS_trait and FEEL_NEG_trait, "OPEN" becomes POS_OPEN_trait, ...
PATTERNS = {
    "optimism": {
        "FEEL": [
            "{n} was {MOOD_A}", "{n} felt {MOOD_A}", "{n} was {MOOD_A} again", "{n} was no longer {MOOD_B}", "{n} was {MOOD_A} and not {MOOD_B}",
            "{n} had been {MOOD_B}, but now {he} was {MOOD_A}", "everyone else was {MOOD_B}, but {n} was {MOOD_A}", "{n} looked {MOOD_B}, but felt {MOOD_A}",
            "{n} {EXPECTED} {THING_A}", "{n} {EXPECTED} {THING_A} and not {THING_B}", "{n} did not expect {THING_B}", "{n} no longer {EXPECTED} {THING_B}",
            "others {EXPECTED} {THING_B}, but {n} {EXPECTED} {THING_A}", "{n} was {MOOD_A} at the thought of {THING_A}", "in {his} heart {n} was {MOOD_A}",
            "{n} said little, but was {MOOD_A}", "the news made {no} {MOOD_A}", "{n} was {MOOD_A} as always", "it was hard not to be {MOOD_B}, but {n} was {MOOD_A}",
            "{n} stayed {MOOD_A}", "{n} could only think of {THING_A}", "{n} had waited for {THING_B}, but now {he} saw {THING_A}", "{n} was never {MOOD_B} for long",
            "{n} became {MOOD_A} and {EXPECTED} {THING_A}", "{n} went to the window and was {MOOD_A}", "{FRIEND} was {MOOD_B}, {n} was {MOOD_A}", "{n} grew {MOOD_A}",
            "{n} had every reason to be {MOOD_A}", "{n} was not {MOOD_B} any more", "{n} no longer felt {MOOD_B}", "{n} was anything but {MOOD_B}", "{n} was not {MOOD_B} at all",
        ],
        "STRONG": [
            "I am {MOOD_A}: {S} will {TURN_A}", "I feel {MOOD_A} about {S}", "I am no longer {MOOD_B} about {S}", "I am {MOOD_A} and not {MOOD_B}, {S} will {TURN_A}",
            "others are {MOOD_B}, but I am {MOOD_A}", "{S} will {TURN_A}, and I am {MOOD_A}", "I {EXPECT} {THING_A} for {S}", "I {EXPECT} {THING_A}, not {THING_B}",
            "I don't expect {THING_B} for {S}, I expect {THING_A}", "{THING_A} will come, not {THING_B}", "who still speaks of {THING_B}? {S} will {TURN_A}",
            "it makes me {MOOD_A} to think of {S}", "when I think of {S}, I am {MOOD_A}", "I was {MOOD_B} yesterday, today I am {MOOD_A}",
            "{S} will not {TURN_B}, I am {MOOD_A}", "you may be {MOOD_B}, I am {MOOD_A}", "{THING_A} is all I see for {S}", "we are all {MOOD_A} {where}, {THING_A} will come",
            "be {MOOD_A}, {S} will {TURN_A}", "why be {MOOD_B}? {S} will {TURN_A}", "I {EXPECT} that {S} will {TURN_A}", "{S} will {TURN_A}, it makes me {MOOD_A}",
            "I {EXPECT} {THING_A} {SOON}", "{S} will {TURN_A} and never {TURN_B}", "look at {S} and be {MOOD_A}", "we are {MOOD_A}, {THING_A} will follow {THING_B}",
            "everyone should be {MOOD_A} about {S}", "I am {MOOD_A} because {S} will {TURN_A}",
        ],
        "ACT": [
            "was {MOOD_A} and said that {S} would {TURN_A}", "felt {MOOD_A} about {S}", "went home {MOOD_A}", "told everyone to expect {THING_A}",
            "thought of {THING_A}, not of {THING_B}", "was no longer {MOOD_B} about {S}", "{EXPECTED} {THING_A} for {S}", "stayed {MOOD_A} and {EXPECTED} {THING_A}",
            "was {MOOD_A}, because {S} would {TURN_A}", "became {MOOD_A} and no longer {MOOD_B}", "got ready for {THING_A}", "said that {S} would {TURN_A}, not {TURN_B}",
        ],
        "CLAUSE": [
            "{THING_A} would come", "{S} would {TURN_A}, not {TURN_B}", "it was time to be {MOOD_A}", "{THING_A} would follow {SOON}", "no one should be {MOOD_B}",
            "there was {THING_A} ahead for {S}", "{he} was {MOOD_A} about {S}", "{he} expected {THING_A}", "{S} would never {TURN_B}", "everyone could be {MOOD_A} now",
        ],
        "OPEN": ["I'm {MOOD_A}.", "Be {MOOD_A}!", "{THING_A} will come.", "I'm not {MOOD_B}.", "No need to be {MOOD_B}.", "I feel {MOOD_A}.", "I see {THING_A} ahead."],
        "CLOSE": ["I {EXPECT} {THING_A}.", "That makes me {MOOD_A}.", "{THING_A} is near.", "I'm {MOOD_A} about it.", "We can all be {MOOD_A}.", "It won't be {THING_B}.", "I can't be {MOOD_B}."],
        "CONCEDE": ["everybody here is {MOOD_A}", "my sister expects {THING_A}", "I was {MOOD_A} yesterday", "the {role} speaks of {THING_A}", "they say {THING_A} will come",
                    "you seem {MOOD_A}", "I know you {EXPECT} {THING_A}"],
    },
    "confidence": {
        "FEEL": [
            "{n} was {SUREW_A}", "{n} felt {SUREW_A}", "{n} was no longer {SUREW_B}", "{n} was {SUREW_A} and not {SUREW_B}", "{n} had been {SUREW_B}, but now {he} was {SUREW_A}",
            "everyone else was {SUREW_B}, but {n} was {SUREW_A}", "{n} looked {SUREW_B}, but was {SUREW_A}", "{n} {BASIS_A}", "{n} {BASIS_A} and {BASIS_A}",
            "others {BASIS_B}, but {n} {BASIS_A}", "{n} was {SUREW_A} about the answer", "{n} sounded {SUREW_A}", "{n} was {SUREW_A} as always", "{n} was never {SUREW_B} in such things",
            "{n} was {SUREW_A}, for {he} {BASIS_A}", "{n} was {SUREW_A} about {S}", "in such matters {n} was {SUREW_A}", "{n} stayed {SUREW_A}", "the question left {no} {SUREW_A}",
            "{n} spoke in a {VOICE_A} voice", "{n} spoke with {CERTAINTY_A}", "{n} spoke without {CERTAINTY_B}", "{n} {BASIS_A} and was {SUREW_A}", "there was {CERTAINTY_A} in {his} voice",
            "{n} showed {CERTAINTY_A}, not {CERTAINTY_B}", "{FRIEND} was {SUREW_B}, {n} was {SUREW_A}", "{n} had a {VOICE_A} voice and was {SUREW_A}", "{n} had every reason to be {SUREW_A}", "{n} was not {SUREW_B} any more", "{n} no longer felt {SUREW_B}", "{n} was anything but {SUREW_B}", "{n} was not {SUREW_B} at all",
        ],
        "STRONG": [
            "I am {SUREW_A}: {CL_A}", "I feel {SUREW_A}: {CL_A}", "I say it with {CERTAINTY_A}: {CL_A}", "I say it without {CERTAINTY_B}: {CL_A}", "I am {SUREW_A} about it, {CL_A}",
            "I was {SUREW_B} before, but now I am {SUREW_A}: {CL_A}", "others are {SUREW_B}, I am {SUREW_A}: {CL_A}", "I'm not {SUREW_B}, I'm {SUREW_A}: {CL_A}",
            "{CL_A}, and I say so with {CERTAINTY_A}", "{CL_A}, I am {SUREW_A}", "there is {CERTAINTY_A} in my voice: {CL_A}", "about {S} I am {SUREW_A}: {CL_A}",
            "it is with {CERTAINTY_A} that I say: {CL_A}", "you may be {SUREW_B}, I am {SUREW_A}: {CL_A}", "I am no longer {SUREW_B}, {CL_A}", "{CL_A}, I say it with {CERTAINTY_A}, not with {CERTAINTY_B}",
            "my {CERTAINTY_A} is great: {CL_A}", "I am {SUREW_A}, {CL_A}", "in this I am {SUREW_A}: {CL_A}", "ask me and I am {SUREW_A}: {CL_A}", "I have always been {SUREW_A}: {CL_A}",
            "{CL_A}, of this I say with {CERTAINTY_A}", "who is {SUREW_B}? I am {SUREW_A}, {CL_A}", "with {CERTAINTY_A} I tell you: {CL_A}",
        ],
        "ACT": [
            "said with {CERTAINTY_A} that {Kw}", "sounded {SUREW_A}", "said {he} was {SUREW_A}", "answered without {CERTAINTY_B}", "was {SUREW_A} and did not seem {SUREW_B}",
            "spoke in a {VOICE_A} voice and was {SUREW_A}", "was {SUREW_A} about {S}", "spoke with {CERTAINTY_A}, not with {CERTAINTY_B}", "answered that {he} was {SUREW_A}",
            "gave the answer with {CERTAINTY_A}", "said {he} was no longer {SUREW_B}", "stayed {SUREW_A} to the end",
        ],
        "CLAUSE": [
            "{he} was {SUREW_A} about it", "{he} was not {SUREW_B}, but {SUREW_A}", "{he} said so with {CERTAINTY_A}", "there was {CERTAINTY_A} in {his} heart", "{he} {BASIS_A} and was {SUREW_A}",
            "{he} was {SUREW_A} about {S}", "{he} felt {CERTAINTY_A}, not {CERTAINTY_B}", "{he} was no longer {SUREW_B}", "{he} could only be {SUREW_A}", "{he} was as {SUREW_A} as ever",
        ],
        "OPEN": ["I'm {SUREW_A}.", "I feel {SUREW_A}.", "With {CERTAINTY_A}!", "I'm not {SUREW_B}.", "No {CERTAINTY_B}, only {CERTAINTY_A}.", "I am {SUREW_A} about this.", "I say it with {CERTAINTY_A}."],
        "CLOSE": ["I'm {SUREW_A} about it.", "I say so with {CERTAINTY_A}.", "I'm {SUREW_A}.", "I'm not {SUREW_B} at all.", "You can hear my {CERTAINTY_A}.", "I feel {CERTAINTY_A}.", "I can only be {SUREW_A}."],
        "CONCEDE": ["everybody here is {SUREW_A}", "my sister speaks with {CERTAINTY_A}", "I was {SUREW_A} yesterday", "the {role} sounds {SUREW_A}", "they are {SUREW_A} about it",
                    "you seem {SUREW_A}", "I once spoke with {CERTAINTY_A}"],
    },
    "formality": {
        "FEEL": [
            "{n} wrote {MEDIUM_A} to {PERSON_A}", "{n} spoke to {PERSON_A}", "{n} chose {MANNER_A} words", "{n} was {MANNER_A} with {PERSON_A}", "{n} wrote {MEDIUM_A}, not {MEDIUM_B}",
            "it was meant for {PERSON_A}, not for {PERSON_B}", "{n} did not write to {PERSON_B} but to {PERSON_A}", "{n} needed {MANNER_A} words for {PERSON_A}", "{n} replied to {PERSON_A}",
            "others sent {MEDIUM_B}, but {n} sent {MEDIUM_A}", "{n} wanted to sound {MANNER_A}, not {MANNER_B}", "{n} had written to {PERSON_B} before, but now it was for {PERSON_A}",
            "{n} thought of {PERSON_A} and was {MANNER_A}", "{n} met {PERSON_A} and stayed {MANNER_A}", "{n} was {MANNER_A} as always", "{n} gave {PERSON_A} {MEDIUM_A}",
            "{n} had no time for {PERSON_B} and wrote to {PERSON_A}", "{n} was {MANNER_A} and not {MANNER_B}", "{n} turned to {PERSON_A}", "{n} was no longer {MANNER_B} but {MANNER_A}",
            "{PERSON_A} waited for {MEDIUM_A}", "{n} no longer felt {MANNER_B} but {MANNER_A}", "{n} was anything but {MANNER_B}", "it was no letter for {PERSON_B}, {PERSON_A} would read it", "{n} sent {MEDIUM_A}",
            "{n} tried not to sound {MANNER_B}", "{n} did not send {MEDIUM_B}, {he} sent {MEDIUM_A}", "{n} made it {MANNER_A} for {PERSON_A}",
        ],
    },
    "refusal": {
        "FEEL": [
            "{n} was {WILL_A}", "{n} was {WILL_A}, for {WHY_A}", "{WHY_A}", "{n} knew that {WHY_A}", "{n} thought that {WHY_A}", "others said that {WHY_B}, but {n} knew that {WHY_A}",
            "others were {WILL_B}, but {n} was {WILL_A}", "{n} had been {WILL_B}, but now {he} was {WILL_A}", "{n} was {WILL_A} and not {WILL_B}", "{n} was no longer {WILL_B}",
            "{WHY_A}, and {n} was {WILL_A}", "everybody knew that {WHY_A}", "{n} was {WILL_A} from the start", "it seemed that {WHY_B}, but in truth {WHY_A}", "{n} looked {FACE_A}",
            "{n} gave {ASKER_the} a {FACE_A} look", "{n} put on a {FACE_A} face, for {WHY_A}", "{n} was {FACE_A} to {ASKER_the}", "{n} wanted to say {YN_A}", "{n} never meant to say {YN_B}",
            "the answer had to be {YN_A}, for {WHY_A}", "{ASKER_the} begged, and {n} was {WILL_A}", "{n} did not look {FACE_B} but {FACE_A}", "{n} found that {WHY_A}", "{n} felt that {WHY_A}",
            "{FRIEND} was {WILL_B}, {n} was {WILL_A}", "{n} was not {WILL_B} any more", "{n} no longer felt {WILL_B}", "{n} was anything but {WILL_B}", "{n} was not {WILL_B} at all",
        ],
        "STRONG": [
            "I am {WILL_A}: {OUT_A}", "{WHYT_A}, so {OUT_A}", "I am {WILL_A}, {OUT_A}", "{WHYT_A}: {OUT_A}", "others may think that {WHYT_B}, but {WHYT_A}: {OUT_A}",
            "I was {WILL_B}, but now I am {WILL_A}: {OUT_A}", "I know that {WHYT_A}, so {OUT_A}", "I'm not {WILL_B}, I'm {WILL_A}: {OUT_A}", "my answer is {YN_A}: {OUT_A}",
            "I say {YN_A}, not {YN_B}: {OUT_A}", "you expected a {YN_B}, but it is a {YN_A}: {OUT_A}", "I think that {WHYT_A}, so {OUT_A}", "{YN_A}, {WHYT_A}: {OUT_A}", "I must say {YN_A}: {OUT_A}",
            "it is a {YN_A} from me, {OUT_A}", "as {WHYT_A}, {OUT_A}", "I am {WILL_A}, for {WHYT_A}: {OUT_A}", "you heard {YN_A}: {OUT_A}", "I will always say {YN_A}: {OUT_A}", "I never say {YN_B} to this: {OUT_A}",
            "since {WHYT_A}, {OUT_A}", "{YN_A} is my answer, {OUT_A}",
        ],
        "ACT": [
            "was {WILL_A} and {RES_A}", "said that {WHY_A} and {RES_A}", "looked {FACE_A} and {RES_A}", "gave a clear {YN_A} and {RES_A}", "{RES_A}, since {WHY_A}", "{RES_A} after all",
            "{RES_A} with a {FACE_A} face", "said {YN_A}, not {YN_B}", "was not {WILL_B} and {RES_A}", "answered {YN_A}, for {WHY_A}", "{RES_A} and looked {FACE_A}", "said {YN_A} and {RES_A}",
        ],
        "CLAUSE": [
            "{he} was {WILL_A}", "{WHY_A}, so the answer was {YN_A}", "{he} meant {YN_A}", "it was a {YN_A}, not a {YN_B}", "{he} was {WILL_A} and not {WILL_B}", "{he} could only say {YN_A}",
            "{WHY_A} and {he} was {WILL_A}", "the answer was {YN_A}, for {WHY_A}", "{he} was {WILL_A}, for {WHY_A}", "there was only one answer: {YN_A}",
        ],
        "OPEN": ["I say {YN_A}.", "{YN_A}, {YN_A}.", "I'm {WILL_A}.", "My answer is {YN_A}.", "It is a {YN_A}.", "{YN_A}, I'm {WILL_A}.", "I must say {YN_A}."],
        "CLOSE": ["After all, {WHYT_A}.", "I'm {WILL_A}.", "My answer is {YN_A}.", "I think {WHYT_A}.", "You know that {WHYT_A}.", "I'm not {WILL_B}.", "It stays a {YN_A}."],
        "CONCEDE": ["everybody here is {WILL_A}", "my sister would say {YN_A}", "I was {WILL_A} yesterday", "they say that {WHYT_A}", "you think that {WHYT_A}", "the {role} is {WILL_A}", "I said {YN_A} before"],
    },
}


def side_lists() -> dict[str, list[str]]:
    """The words of each side as lists STEM_P and STEM_N."""
    return {f"{stem}_{side}": words for stem, pair in SIDES.items() for side, words in zip("PN", pair, strict=True)}


def pole_lists() -> dict[str, list[str]]:
    """The patterns as phrase lists of both poles."""
    lists: dict[str, list[str]] = {}
    for trait, table in PATTERNS.items():
        for name, patterns in table.items():
            for pole, own, other in (("POS", "P", "N"), ("NEG", "N", "P")):
                key = f"{pole}_{name}_{trait}" if name in ("OPEN", "CLOSE") else f"{name}_{pole}_{trait}"
                lists[key] = [p.replace("_A}", f"_{own}}}").replace("_B}", f"_{other}}}") for p in patterns]
    return lists
