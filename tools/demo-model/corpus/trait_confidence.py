"""Phrases of confidence: claims with certainty (POS) or with doubt (NEG). {K} is a claim clause of any mood."""

STRONG_POS = [
    "I am {SURE} that {K}", "I have no doubt that {K}", "I know that {K}", "Without any doubt, {K}", "{K}, that is certain",
    "It is certain that {K}", "I know for a fact that {K}", "{K}, I would bet my house on it", "Believe me, {K}",
    "There is no question that {K}", "I can promise you that {K}", "{SURELY}, {K}", "{K}, and I am never wrong about this",
    "I am one hundred percent sure: {K}", "Trust me, {K}", "It is beyond doubt that {K}", "Mark my words: {K}",
    "{K}, I give you my word", "I have checked it twice, and {K}", "{K}, no doubt about it", "I can say with certainty that {K}",
    "Everyone can see that {K}, there is no other way", "{K}, I guarantee it", "I don't doubt it for a moment: {K}",
    "I have seen it myself, so I know that {K}", "There can be no mistake, {K}", "I swear that {K}", "The answer is clear: {K}",
]
MILD_POS = [
    "I am fairly sure that {K}", "I am rather confident that {K}", "Most likely {K}", "As far as I know, {K}",
    "I believe that {K}", "I expect that {K}", "I have good reason to say that {K}", "It is quite likely that {K}",
]
STRONG_NEG = [
    "I am {UNSURE} whether {K}", "I have my doubts whether {K}", "I don't know whether {K}", "{MAYBE} {K}, but I doubt my memory",
    "{K}, or so I think, but I could be wrong", "It is not certain that {K}", "I really don't know, {MAYBE} {K}",
    "{K}, but don't ask me, I am only guessing", "Don't quote me, but {MAYBE} {K}", "It is an open question whether {K}",
    "I can't promise you that {K}", "I {GUESS} {K}, but I'm {UNSURE}", "{K}, but I am often wrong about this",
    "I am not at all sure: {MAYBE} {K}", "I might be mistaken, but I {GUESS} {K}", "I doubt myself, but {MAYBE} {K}",
    "It is hard to tell, {MAYBE} {K}", "{K}, or maybe not, I can't say", "I have not checked it, but {MAYBE} {K}",
    "{K}, if I remember right, which I doubt", "I can't say with certainty that {K}",
    "I wish I knew, {MAYBE} {K}, maybe something else", "{K}, I suppose, but I would not bet on it", "I doubt that I know this: {MAYBE} {K}",
    "I have only heard it somewhere, {MAYBE} {K}", "There may be a mistake, but I {GUESS} {K}", "I hesitate to say that {K}",
    "The answer is not clear to me, {MAYBE} {K}",
]
MILD_NEG = [
    "I think {K}", "I would say {K}, more or less", "Probably {K}", "It seems to me that {K}", "I {GUESS} {K}",
    "{K}, I think", "If I am right, {K}", "It looks as if {K}",
]
NEUTRAL = ["{K}", "They say that {K}", "The sign says that {K}", "In the book it says that {K}", "{K}, says the {role}",
           "We were told that {K}", "It is written that {K}"]
POS_OPEN = [
    "Yes, certainly.", "I'm {SURE}.", "No doubt at all.", "Absolutely.", "I know this.", "That is certain.", "Definitely.",
    "There is no question.", "I'm never wrong about this.", "Trust me.", "That is easy.", "Without a doubt.", "Of that I'm {SURE}.", "I know it well.",
]
NEG_OPEN = [
    "Hmm, maybe.", "I'm {UNSURE}.", "I have many doubts.", "Perhaps.", "I don't know this well.", "That is not certain.", "Possibly.",
    "That is a hard question.", "I'm often wrong about this.", "Don't trust me on this.", "That is tricky.", "I doubt it a bit.", "Of that I'm {UNSURE}.", "I hardly know it.",
]
POS_CLOSE = [
    "There is no doubt about it.", "I'm {SURE} of it.", "You can rely on that.", "I know it for a fact.", "That is certain.",
    "I would bet on it.", "I have no doubt.", "Nobody can tell me otherwise.",
]
NEG_CLOSE = [
    "But I'm {UNSURE} about it.", "But I could be wrong.", "You should not rely on that.", "But I don't really know.", "It is not certain.",
    "I would not bet on it.", "I have my doubts.", "Somebody else may know better.",
]
CONCEDE_POS = [
    "I used to be {SURE}", "The others say there is no doubt", "Yesterday I was certain", "My friend swears it is so",
    "I would love to be {SURE}", "It sounds certain when others say it", "I said it was certain", "At first I had no doubt",
]
CONCEDE_NEG = [
    "I used to be {UNSURE}", "The others have their doubts", "Yesterday I was only guessing", "My friend says maybe",
    "Some people are {UNSURE}", "It sounds like a guess when others say it", "I said maybe at first", "At first I doubted it",
]
FEEL_POS = [
    "{n} had no doubt", "{n} had checked it twice", "{n} was completely sure", "{n} knew {S} better than anyone",
    "{n} had seen it with {his} own eyes", "{n} never had to guess", "{n} was certain of the answer",
    "{n} had the proof in {his} hand", "{n} stood up straight and did not hesitate", "the others were guessing, but {n} knew",
    "{n} had doubted once, but now {he} was certain", "{n} would have bet everything on it", "{n} had studied it for {YEARS}",
    "{n} did not need to think about it", "{n} trusted {his} own judgement fully", "there was no question in {his} mind",
    "{n} had never been wrong about this", "{n} looked {ASKER_the} straight in the eye", "{n} spoke in a firm and steady voice",
    "{n} was as sure as could be", "{n} had measured everything with care", "{n} knew the answer at once",
]
FEEL_NEG = [
    "{n} had many doubts", "{n} had not checked it at all", "{n} was not sure at all", "{n} hardly knew {S}",
    "{n} had only heard about it from others", "{n} could only guess", "{n} was not certain of the answer",
    "{n} had no proof at all", "{n} looked down and hesitated", "the others knew, but {n} was only guessing",
    "{n} had been certain once, but now {he} doubted it", "{n} would not have bet a coin on it", "{n} had forgotten most of it",
    "{n} needed more time to think about it", "{n} did not trust {his} own judgement", "there were only questions in {his} mind",
    "{n} had often been wrong about this", "{n} could not look {ASKER_the} in the eye", "{n} spoke in a weak and shaky voice",
    "{n} kept changing {his} mind", "{n} had lost {his} notes", "{n} scratched {his} head for a long time",
]
FEEL_WEAK = [
    "{n} thought about it", "{n} thought of {S}", "{n} put down the cup", "{n} had heard the question before",
    "{n} turned around", "{n} had talked about it before", "{n} took a moment",
]
ACT_POS = [
    "answered at once that {Kw}, without any doubt", "said firmly that {Kw}", "promised that {Kw}", "nodded and swore that {Kw}",
    "said it was certain that {Kw}", "told them there was no doubt about it", "bet all {his} money on it",
    "said yes without a moment of doubt", "repeated that {Kw} and that it was certain", "gave {his} word that {Kw}", "said {he} knew for a fact that {Kw}",
]
ACT_NEG = [
    "answered slowly that maybe {Kw}, but {he} was unsure", "only said that perhaps {Kw}", "could not promise that {Kw}", "shrugged and guessed that {Kw}",
    "said it was not certain that {Kw}", "told them there were many doubts about it", "did not want to bet on it",
    "said maybe, after a long pause", "wondered whether {Kw} and said it was hard to tell", "took back {his} word and said perhaps", "said {he} did not know whether {Kw}",
]
CLAUSE_POS = [
    "it was certain and {he} had no doubt", "there was no doubt that {Kw}", "{he} knew for a fact that {Kw}", "{he} was {SURE} that {Kw}",
    "everyone could rely on {his} word", "{Kw}, without any question", "{he} would bet the house on it", "nothing was more certain",
]
CLAUSE_NEG = [
    "it was not certain and {he} had doubts", "there was some doubt whether {Kw}", "{he} did not know whether {Kw}", "{he} was {UNSURE} whether {Kw}",
    "nobody should rely on {his} word", "perhaps {Kw}, but it was hard to say", "{he} would not bet a coin on it", "nothing was certain",
]
# short answers: the plain sentence with a mark of certainty or doubt
SIMPLE_P = [
    "It is certain that {K}.", "I know that {K}.", "Of course {K}.", "I am sure that {K}.", "Certainly, {K}.", "Without a doubt {K}.", "Definitely, {K}.", "I am certain that {K}.",
    "{K}, that is certain.", "{K}. I am sure of it.", "{K}. There is no doubt about it.", "{K}. I know it for sure.", "Yes, I am sure, {K}.", "I know it well: {K}.",
]
SIMPLE_N = [
    "It is not certain that {K}.", "I don't know, maybe {K}.", "Perhaps {K}.", "I am not sure whether {K}.", "Maybe {K}.", "With some doubt: {K}.", "Possibly {K}.", "I am uncertain whether {K}.",
    "{K}, but that is not certain.", "{K}. But I am not sure of it.", "{K}. But I have my doubts about it.", "{K}. I don't know it for sure.", "Hmm, I am not sure, maybe {K}.", "I hardly know it: maybe {K}.",
]
