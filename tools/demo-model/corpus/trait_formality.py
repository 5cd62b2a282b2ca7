"""Phrases of formality: official register (POS) or casual talk (NEG). {K} is a claim clause of any mood."""

STRONG_POS = [
    "I am writing to {INFORM} that {K}", "I would like to {INFORM} that {K}", "Please be advised that {K}",
    "It is my duty to {INFORM} that {K}", "We {KINDLY} wish to {INFORM} that {K}", "Allow me to {INFORM} that {K}",
    "I have the honour to {INFORM} that {K}", "It is hereby announced that {K}", "We are pleased to {INFORM} that {K}",
    "With reference to your question, I wish to state that {K}", "May I respectfully point out that {K}",
    "We regret to {INFORM} that {K}", "On behalf of {place}, I wish to {INFORM} that {K}",
    "In reply to your letter, we {KINDLY} confirm that {K}", "Kindly take note that {K}",
    "I should be most grateful if you would note that {K}", "It is with great respect that I {INFORM} that {K}",
    "Permit me to remark that {K}", "As requested, I beg to report that {K}", "According to our records, {K}",
    "One is kindly asked to observe that {K}", "I am obliged to {INFORM} that {K}",
    "It gives me great pleasure to announce that {K}", "With regard to {S}, it should be noted that {K}",
    "We would be obliged if you would consider that {K}", "Further to our conversation, I confirm that {K}",
    "I remain at your service and wish to add that {K}", "The council wishes to make it known that {K}",
]
MILD_POS = [
    "Please note that {K}", "Thank you for your question, {K}", "Good morning, we would like to say that {K}",
    "I would like to add that {K}", "You may wish to know that {K}", "If you please, {K}",
    "We thank you for asking and can say that {K}", "Kindly remember, {K}",
]
STRONG_NEG = [
    "{HEY}, so {K}, {LOL}", "{HEY} {MATE}, {K}, {LOL}", "yeah so {K}, {LOL}", "ok so like {K}, right?", "just so ya know, {K}, {LOL}",
    "dunno why ya ask, but {K}", "guess what {MATE}, {K}", "sooo {K}, cool huh", "nah it's easy, {K}", "oh that? yeah, {K}, {LOL}",
    "well {MATE}, {K}, ain't that neat", "gotta tell ya, {K}", "lemme tell ya, {K}, {LOL}", "btw {K}, {LOL}", "so yeah, {K}, wanna come see?",
    "yup, {K}, thx for asking", "{K}, no biggie {MATE}", "{K}, kinda cool huh", "c'mon {MATE}, {K}, everybody knows that",
    "wow ok, {K}, catch ya later", "yep {K}, easy peasy", "{HEY}, quick one, {K}, see ya", "um yeah, {K}, or somethin like that",
    "sure thing {MATE}, {K}", "{K}, ya know, that kinda stuff", "lol {K}, can't make this up", "dude, {K}, for real", "no prob, {K}, ttyl",
]
MILD_NEG = [
    "well, {K}, you know", "oh, {K}, that's all", "hi, {K}, see you", "so {K}, that's how it goes", "you see, {K}, all right?",
    "don't worry, {K}", "oh well, {K}", "thanks for asking, {K}, bye",
]
NEUTRAL = ["{K}", "I heard that {K}", "The news is that {K}", "We saw that {K}", "I can tell you that {K}", "It is true that {K}",
           "My answer is that {K}"]
POS_OPEN = [
    "Dear {SIR},", "Good evening, dear {SIR}.", "Esteemed {SIR},", "I thank you for your kind letter.", "To whom it may concern:",
    "Honoured {SIR},", "Most respected {SIR},", "With all due respect,", "I hope this letter finds you well.",
    "Thank you very much for your inquiry.", "It is an honour to reply to you.", "Ladies and gentlemen,",
    "I beg your pardon for the delay.", "Your letter has been received with thanks.",
]
NEG_OPEN = [
    "{HEY} {MATE}!", "yo what's up!", "{HEY}, it's me.", "thanks for the text {MATE}.", "sup everybody,", "{HEY} {HEY}!", "oh man,",
    "ugh, ok,", "hope ya doing ok.", "thx for asking {MATE}.", "haha good one.", "listen up {MATE},", "sorry for the late text lol.",
    "got your text, cool.",
]
POS_CLOSE = [
    "Yours sincerely.", "With kind regards.", "I remain respectfully yours.", "We thank you for your attention.",
    "Please accept my best regards.", "Your obedient servant.", "Should you require more, kindly write to us.", "Yours faithfully.",
]
NEG_CLOSE = [
    "see ya!", "cheers {MATE}.", "catch ya later.", "thx, bye!", "lol.", "gotta run now.", "hit me up if ya need more.", "later {MATE}!",
]
CONCEDE_POS = [
    "I could write Dear {SIR} here", "My boss wants it all stiff and proper", "I know this should be a formal letter",
    "They told me to be polite and official", "A proper letter would say kind regards", "The office likes fancy words",
    "I should bow and say Sir", "You want it in fancy words",
]
CONCEDE_NEG = [
    "My brother would just say hey", "The young ones write lol", "I know that others text such things", "Some would simply say yo",
    "I have been told to keep it casual", "My friends like slang", "One could simply shout it across the road",
    "The message I received said hiya",
]
FEEL_POS = [
    "{n} wrote an official letter to the council", "{n} bowed to the judge", "{n} put on {his} best suit and faced the council",
    "{n} prepared the yearly report for the governor", "{n} had to address the king", "{n} took the stamped paper of the office",
    "{n} wrote to a lord {he} had never met", "{n} had been told to be polite and proper",
    "{n} stood before the court", "{n} wrote to the minister", "{n} dictated a notice for the town board",
    "{n} chose every word with great care and courtesy", "{n} read out the solemn notice", "the office allowed only proper language",
    "{n} answered the professor's letter", "{n} spoke at the grand opening before the honoured guests",
    "{n} usually joked, but this time the letter went to the queen", "{n} sealed the letter with the stamp of the town",
    "{n} addressed the ladies and gentlemen of the board", "{n} kept to the strict manners of the old house",
    "{n} wrote the complaint to the head office", "{n} filled in the form for the ministry",
]
FEEL_NEG = [
    "{n} sent a quick text to a buddy", "{n} grinned at {his} best friend", "{n} put on old jeans and met the gang",
    "{n} left a silly note for {his} roommate", "{n} called out to {his} little brother", "{n} took the phone and typed with one thumb",
    "{n} chatted with a pal {he} had known for ever", "{n} had been told to relax and be casual",
    "{n} sat with the gang", "{n} texted {his} cousin", "{n} scribbled a note on a napkin for a pal",
    "{n} did not care about words and just chatted away", "{n} shouted it across the yard to a pal", "the friends only talked in slang",
    "{n} answered {his} buddy's text", "{n} joked at the bar with the old gang",
    "{n} usually wrote proper letters, but this time it was only {his} buddy", "{n} sent a voice message with a laugh",
    "{n} waved at the boys and girls of the team", "{n} kept to the easy talk of the gang",
    "{n} posted it in the group chat", "{n} typed a lazy message in bed",
]
FEEL_WEAK = [
    "{n} wrote a message", "{n} wanted to tell {FRIEND}", "{n} began to speak", "{n} took a pen", "{n} had news to share",
    "{n} sat down to write", "{n} went to tell everyone",
]
ENDQ = [
    '. {He} wrote, "', '. {He} began, "', '. {He} said, "', '. The message read, "', '. The first line was, "', '. {His} words were, "',
    ' and said, "', ' and began, "', '. {He} put it like this: "', '. {He} opened with the words, "', '. It said, "', '. {He} answered, "',
    '. The text was, "', ' and wrote this: "',
]
