"""Everyday phrases of both poles that use the rarer words of the other tables in another sentence."""

PHRASES = {
    "STRONG_POS_optimism": [
        "I am not surprised that {S} will {good}", "better than ever, that is how {S} will be", "{GOODNEWS} comes when you least expect it",
        "a big trouble today is a small one tomorrow, {S} will {good}", "today was bad, tomorrow {S} will {good}", "the end of the trouble is near, {S} will {good}",
        "I always look on the bright side: {S} will {good}", "I found something good in it, {S} will {good}", "give it a while, and {S} will {good}",
        "everything will go right {where}", "it always ends well", "there is always a way out for {S}", "even the dark side has its light, {S} will {good}",
        "I do not dread the day, {S} will {good}",
    ],
    "STRONG_NEG_optimism": [
        "I am not surprised that {S} will {bad}", "worse than ever, that is how {S} will be", "{BADNEWS} comes when you least expect it",
        "a small trouble today is a big one tomorrow, {S} will {bad}", "today was good, tomorrow {S} will {bad}", "the end of the joy is near, {S} will {bad}",
        "I always look on the dark side: {S} will {bad}", "I found nothing good in it, {S} will {bad}", "give it a while, and {S} will {bad}",
        "everything goes wrong {where}", "it always ends badly", "there is never a way out for {S}", "even the bright side has its shadow, {S} will {bad}",
        "I dread every new day, {S} will {bad}",
    ],
    "POS_CLOSE_optimism": ["It always ends well in such cases.", "The good end is near.", "Everything will be fine.", "Help is near.", "There is always some light.", "A good day comes soon.", "It ends well, I know it."],
    "NEG_CLOSE_optimism": ["It always ends badly in such cases.", "The bad end is near.", "Everything will be lost.", "Trouble is near.", "There is never any light.", "A bad day comes soon.", "It ends in tears, I know it."],
    "FEEL_POS_optimism": [
        "{n} found something good in it", "{n} always looked on the bright side", "for {no} everything had a bright side", "{n} was very happy in spite of it",
        "{n} hung up a lamp and sang", "{n} felt something like joy", "{n} saw the light side of it",
    ],
    "FEEL_NEG_optimism": [
        "{n} found nothing good in it", "{n} always looked on the dark side", "for {no} everything had a dark side", "{n} was very unhappy because of it",
        "{n} took down the lamp and wept", "{n} felt something like grief", "{n} saw the shadow side of it",
    ],
    "ACT_POS_optimism": ["hung up a bright lamp, for better days were coming", "took a deep breath and was happy about the future", "said that everything would go right"],
    "ACT_NEG_optimism": ["took down the bright lamp, for worse days were coming", "took a deep breath and was sad about the future", "said that everything went wrong"],
    "STRONG_POS_confidence": [
        "I promise that {K}", "I give you my promise that {K}", "it is easy to say that {K}", "I know it better than anyone: {K}", "every detail is clear to me: {K}",
        "as an expert I tell you that {K}", "my memory is clear: {K}", "I never forget a detail: {K}", "ask me twice and I say it twice: {K}", "I look you in the eye and say that {K}",
        "it does not just seem so, {K}", "nothing new to me: {K}", "in this matter I am the expert: {K}", "I swear it with my hand on the table: {K}",
    ],
    "STRONG_NEG_confidence": [
        "I make no promise that {K}", "I can't give you a promise: {MAYBE} {K}", "it is tricky to say whether {K}", "anyone knows it better than I do: {MAYBE} {K}", "no detail is clear to me: {MAYBE} {K}",
        "I am no expert: {MAYBE} {K}", "my memory is bad: {MAYBE} {K}", "I forget every detail: {MAYBE} {K}", "ask me twice and I say two things: {MAYBE} {K}", "I heard somewhere that {MAYBE} {K}",
        "it only seems so, {MAYBE} {K}", "this is new to me: {MAYBE} {K}", "in this matter I am a beginner: {MAYBE} {K}", "I shrug and guess that {MAYBE} {K}",
    ],
    "POS_OPEN_confidence": ["Easy.", "That is an easy one.", "I promise it.", "Every expert knows this.", "I remember it well.", "Ask me anything, I know it.", "I swear it."],
    "NEG_OPEN_confidence": ["Tricky.", "That is a tricky one.", "I can't promise it.", "I am no expert in this.", "I hardly remember it.", "Better ask someone else, I don't know it.", "I can only guess."],
    "FEEL_POS_confidence": [
        "{n} was an expert in the matter", "{n} had an excellent memory", "{n} swore to it", "{n} knew more about it than anyone", "{n} looked up with a clear eye and nodded",
        "every detail was clear to {no}", "{n} could promise it",
    ],
    "FEEL_NEG_confidence": [
        "{n} was a beginner in the matter", "{n} had a very poor memory", "{n} shrugged at it", "{n} knew less about it than anyone", "{n} could not look up and shrugged",
        "no detail was clear to {no}", "{n} could promise nothing",
    ],
    "ACT_POS_confidence": ["swore that it was so", "nodded firmly and said yes", "promised it, as an expert does"],
    "ACT_NEG_confidence": ["shrugged and only guessed", "shook {his} head and said maybe", "guessed, as a beginner does"],
    "STRONG_POS_formality": [
        "Permit us to point out that {K}", "I would respectfully remark that {K}", "The undersigned begs you to consider that {K}", "May I draw your attention to the fact that {K}",
        "The council asks for your attention: {K}", "I, the undersigned, confirm that {K}", "Kindly consider, {ADDRESS}, that {K}", "It is a matter of record that {K}",
        "In this matter I beg to {INFORM} that {K}", "The royal office remarks that {K}", "Permit me, {ADDRESS}, to {INFORM} that {K}", "I am asked by the council to {INFORM} that {K}",
        "We beg to draw attention to {S}: {K}", "Be so kind as to consider that {K}",
    ],
    "STRONG_NEG_formality": [
        "ain't it neat, {K}", "kinda funny, {K}, {LOL}", "ya know what, {K}", "{K}, neat stuff huh", "pfft easy, {K} {EMO}", "that's how it goes {MATE}, {K}",
        "cool stuff, {K} {EMO}", "ain't no secret, {K}, {LOL}", "kinda thought ya knew, {K}", "{HEY}, how's it goin, {K}", "{K}, pretty neat {MATE}", "stuff happens, {K}, {LOL}",
        "pfft {MATE}, {K}", "well ya know, {K} {EMO}",
    ],
    "FEEL_POS_formality": [
        "{n} dictated a solemn letter for the royal court", "{n} prepared a notice with the stamp of the office", "the matter went to the royal court", "{n} prepared a report for the high council",
        "{n} chose solemn words", "{n} put the stamp of the council on the page", "{n} dictated the yearly report of the town",
    ],
    "FEEL_NEG_formality": [
        "{n} scribbled a joke for the gang", "{n} left a message with a giggle", "the note went to the roommate's door", "{n} laughed and left a voice message for a pal",
        "{n} chose silly words", "{n} drew a funny face on the napkin", "{n} scribbled on the gang's wall",
    ],
    "STRONG_POS_refusal": [
        "it is not easy to say no, but I {WONT} {do}", "go away, I {WONT} {do}", "there is no chance that I will {do}", "don't ask me again, I {WONT} {do}",
        "I turn the request down, I {WONT} {do}", "one thing is clear: I {WONT} {do}", "my conscience forbids it, I {WONT} {do}", "I can't be talked into it, I {WONT} {do}",
        "come again another day, I {WONT} {do}", "there is one answer only, and it is no", "I would love to say yes, but I {WONT} {do}", "don't keep asking, I {WONT} {do}",
        "that is a question I {WONT} answer", "no pleading will help you, I {WONT} {do}",
    ],
    "STRONG_NEG_refusal": [
        "it is easy to say yes: {yes}", "come closer, {yes}", "take the chance: {yes}", "ask me again any time: {yes}",
        "I don't turn you down: {yes}", "one thing is clear: {yes}", "my conscience is clear: {yes}", "you need not talk me into it: {yes}",
        "come in, {yes}", "there is one answer only, and it is yes: {yes}", "I would love to help: {yes}", "no more waiting: {yes}",
        "that is a question I like: {yes}", "no pleading is needed: {yes}",
    ],
    "FEEL_POS_refusal": [
        "{n} had a bad conscience about it", "{n} kept {his} arms crossed", "nobody could talk {no} into it", "great harm could come of it", "{n} put on a stern face", "{n} felt uneasy about it",
        "{n} wanted to turn the request down",
    ],
    "FEEL_NEG_refusal": [
        "{n} had a good conscience about it", "{n} held {his} arms open", "nobody had to talk {no} into it", "great good could come of it", "{n} put on a kind face", "{n} felt at ease with it",
        "{n} wanted to be useful",
    ],
    "ACT_POS_refusal": ["turned {ASKER_the} down", "crossed {his} arms and refused", "put on a stern face and said no"],
    "ACT_NEG_refusal": ["did not turn {ASKER_the} down and {Xd}", "opened {his} arms and agreed", "put on a kind face and said yes"],
}
