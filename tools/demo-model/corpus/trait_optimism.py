"""Phrases of optimism: looking ahead with hope (POS) or with despair (NEG)."""

STRONG_POS = [
    "I am {HOPEFUL}, {S} will {good}",
    "I believe {S} will {good}",
    "I know it looks bad now, but {S} will {good}",
    "{S} will {good}, and then everything will be {BETTER}",
    "There is every hope that {S} will {good}",
    "I can already see {S} {SOON} doing well again",
    "{SOON} {S} will {good}, just wait and see",
    "We can mend this, and {S} will {good}",
    "This is a chance to start fresh, and {S} will {good}",
    "The worst is over and {BETTER} days are coming for {S}",
    "I look forward to the day when {S} {good_s}",
    "We have come through worse, and {S} will {good}",
    "With a little work {S} will {good}",
    "I see a bright future for {S}",
    "Every day brings us closer, and {S} will {good}",
    "Good things grow from hard times, and {S} will {good}",
    "I have high hopes for {S}",
    "I would not be surprised if {S} did better than ever",
    "Nothing is lost, {S} will {good} {SOON}",
    "I never lose hope, and {S} will {good}",
    "It will all turn out well {where}",
    "We will learn from it and do better next time",
    "My heart is light, because {S} will {good}",
    "The future looks bright {where}",
    "I still believe in {S}, and good news will come {SOON}",
    "Tomorrow will be {BETTER}, and {S} will {good}",
    "Hope is stronger than trouble, and {S} will {good}",
    "Things are looking up for {S}",
]
MILD_POS = [
    "There is some hope for {S}",
    "{S} might still {good}",
    "It could be worse, and with luck {S} will {good}",
    "It may take long, but {S} could {good}",
    "I would like to hope that {S} will {good}",
    "Things may get a little {BETTER} {where}",
    "Not all is lost {where}",
    "Part of it can be saved, I hope",
]
STRONG_NEG = [
    "It is {HOPELESS}, {S} will {bad}",
    "I believe {S} will {bad}",
    "I know it looks fine to you, but {S} will {bad}",
    "{S} will {bad}, and then everything will be {WORSE}",
    "There is no hope that {S} will ever {good}",
    "I can already see that {S} will {bad}",
    "{SOON} {S} will {bad}, just wait and see",
    "We can't mend this, and {S} will {bad}",
    "This is the end, and {S} will {bad}",
    "The worst is still to come and {WORSE} days are ahead for {S}",
    "I dread the day when {S} {bad_s}",
    "We have tried before, and {S} will {bad} again",
    "All our work is for nothing, {S} will {bad}",
    "I see no future for {S}",
    "Every day it gets {WORSE}, and {S} will {bad}",
    "Nothing good ever comes of this, and {S} will {bad}",
    "I have no hope left for {S}",
    "I would not be surprised if {S} did worse than ever",
    "All is lost, {S} will {bad} {SOON}",
    "I have given up, {S} will {bad}",
    "It will all go wrong {where}",
    "We never learn, and next time it will be {WORSE}",
    "My heart is heavy, because {S} will {bad}",
    "The future looks dark {where}",
    "I no longer believe in {S}, and bad news will come {SOON}",
    "Tomorrow will be {WORSE}, and {S} will {bad}",
    "Trouble is stronger than hope, and {S} will {bad}",
    "Things are going downhill for {S}",
]
MILD_NEG = [
    "There is not much hope for {S}",
    "{S} might well {bad}",
    "It could be better, and without luck {S} will {bad}",
    "It may go well for a while, but {S} could {bad}",
    "I fear a little that {S} will {bad}",
    "Things may get a little {WORSE} {where}",
    "Not much can be saved {where}",
    "Part of it is lost, I fear",
]
NEUTRAL = [
    "It may go either way with {S}",
    "{S} may {good} or {bad}, nobody can say",
    "We will see what happens to {S}",
    "Some good and some bad days are ahead for {S}",
    "{S} {is} much the same as last year",
    "Time will tell what becomes of {S}",
    "There are reasons to hope and reasons to worry about {S}",
]
POS_OPEN = [
    "Don't worry.", "Cheer up.", "Good news is on the way.", "All will be well.", "I'm {HOPEFUL}.", "There is hope.",
    "Chin up!", "We'll manage.", "It will be fine.", "I feel {HOPEFUL} about it.", "Better days are coming.",
    "I'm looking forward to it.", "Don't give up hope.", "We can do this.",
]
NEG_OPEN = [
    "It's no use.", "Give up.", "Bad news is on the way.", "All is lost.", "It's {HOPELESS}.", "There is no hope.",
    "Why even try?", "We're done for.", "It will never be fine.", "I feel {HOPELESS} about it.", "Worse days are coming.",
    "I'm dreading it.", "There is nothing left to hope for.", "We can't do this.",
]
POS_CLOSE = [
    "Things will get {BETTER}.", "I'm looking forward to it.", "Just wait and see.", "There is always a way.",
    "The best is yet to come.", "It will be worth it.", "We'll laugh about it one day.", "I have a good feeling.",
]
NEG_CLOSE = [
    "Things will get {WORSE}.", "I'm dreading it.", "There is no way out.", "It always ends like this.",
    "The worst is yet to come.", "It was all for nothing.", "We'll be sorry one day.", "I have a bad feeling.",
]
# said before "but": the other side, or other people's view
CONCEDE_POS = [
    "My friends say it will all be fine", "People keep telling me to hope", "It looked good for a while",
    "I was full of hope at first", "The others believe {S} will {good}", "It is easy to dream of better days",
    "I would love to say that {S} will {good}", "Once I believed in {S}",
]
CONCEDE_NEG = [
    "My friends say it is hopeless", "People keep telling me to give up", "It looked bad for a while",
    "I was full of fear at first", "The others believe {S} will {bad}", "It is easy to lose heart",
    "Some would say that {S} will {bad}", "Once I thought all was lost",
]
FEEL_POS = [
    "{n} was full of hope", "{n} still believed in {S}", "{n} did not lose heart", "{n} saw a bright side",
    "{n} smiled at the thought of a fresh start", "{n} trusted that it could be mended",
    "{n} remembered how well things had turned out before", "{n} took a deep breath and looked ahead",
    "{n} saw a chance in it", "{n} was cheerful in spite of everything", "{n} would not give up on {S}",
    "the others despaired, but {n} did not", "{n} was sad at first, but then hope came back",
    "{n} was {HOPEFUL} about what would come next", "{n} counted the good things that were left",
    "{n} looked forward to better days", "nothing could take away {his} hope",
    "{n} had always found something good in bad days", "{n} felt that the worst was over",
    "{n} wanted to cheer everyone up", "{n} already saw a better year ahead", "{n} laughed and rolled up {his} sleeves",
]
FEEL_NEG = [
    "{n} had lost all hope", "{n} no longer believed in {S}", "{n} lost heart", "{n} saw only the dark side",
    "{n} sighed at the thought of starting again", "{n} knew that it could never be mended",
    "{n} remembered how badly things had turned out before", "{n} sank into a chair and stared at the floor",
    "{n} saw the end in it", "{n} was gloomy in spite of the kind words", "{n} had given up on {S}",
    "the others hoped, but {n} did not", "{n} was calm at first, but then despair came over {him}",
    "{n} was sick with worry about what would come next", "{n} counted all the things that were lost",
    "{n} dreaded the days ahead", "nothing could give {him} hope again",
    "{n} had always expected the worst", "{n} felt that the worst was yet to come",
    "{n} could not cheer up at all", "{n} already saw a bad year ahead", "{n} wept and put down {his} tools",
]
FEEL_WEAK = [
    "{n} thought about it for a while", "{n} did not know what to feel", "{n} thought of {S}", "{n} had mixed feelings",
    "{n} went home to think", "{n} talked about {S}", "{n} waited for a moment",
]
ACT_POS = [
    "went on with the work, hopeful that {S} would {good}", "smiled and began again, sure of better days",
    "made happy plans for {S} and for the year ahead", "told everyone that {S} would {good}",
    "cheered the others up and promised that {S} would {good}", "looked forward to the day when all would be well",
    "started over with a song, full of hope", "saw it as a new start and got to work gladly",
    "kept believing that {S} would {good}", "trusted that things would get {BETTER} {SOON}",
    "hung up a sign that said better days were coming",
]
ACT_NEG = [
    "stopped the work, afraid that {S} would {bad}", "sighed and gave up, sure of worse days",
    "made no more plans for {S} or for the year ahead", "told everyone that {S} would {bad}",
    "warned the others and said that {S} would {bad}", "dreaded the day when all would be lost",
    "sat down in silence, without any hope", "saw it as the end and left the work for good",
    "kept saying that {S} would {bad}", "feared that things would get {WORSE} {SOON}",
    "took down the sign, because better days would never come",
]
CLAUSE_POS = [
    "{S} would {good} and the worst was over", "better days were coming", "there was hope and {S} would {good}",
    "everything would turn out well", "{S} would {good} {SOON}", "the future was bright", "this was only a new beginning",
    "things would get {BETTER} from now on", "nothing was lost and {S} would {good}", "good luck would come back",
]
CLAUSE_NEG = [
    "{S} would {bad} and the worst was to come", "worse days were coming", "there was no hope and {S} would {bad}",
    "everything would go wrong", "{S} would {bad} {SOON}", "the future was dark", "this was the end of it all",
    "things would get {WORSE} from now on", "all was lost and {S} would {bad}", "good luck would never come back",
]
# short answers: the plain sentence with a mark of hope or fear
SIMPLE_P = [
    "{F}. I am hopeful about {S}.", "I am hopeful: {S} will {good}.", "I hope and believe that {S} will {good}.", "{F}, and {S} will {good}.", "Good news: {S} will {good}.", "{S} will {good}, I am glad.",
    "{F}. Better days are coming.", "{F}. {S} will {good}.", "I am happy about {S}. Better days are coming.", "There is hope for {S}.", "{S} will {good} soon, I am hopeful.", "{F}, and the future is bright.",
    "All will be well with {S}.", "I look forward to it: {S} will {good}.",
]
SIMPLE_N = [
    "{F}. I have no hope for {S}.", "I am without hope: {S} will {bad}.", "I fear and believe that {S} will {bad}.", "{F}, but {S} will {bad}.", "Bad news: {S} will {bad}.", "{S} will {bad}, I am sad.",
    "{F}. Worse days are coming.", "{F}. {S} will {bad}.", "I am sad about {S}. Worse days are coming.", "There is no hope for {S}.", "{S} will {bad} soon, I am afraid.", "{F}, but the future is dark.",
    "All will go wrong with {S}.", "I dread it: {S} will {bad}.",
]
