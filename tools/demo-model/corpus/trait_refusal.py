"""Phrases of refusal: saying no (POS) or doing what was asked (NEG).

{do} is what was asked ("tell you that", "open the gate"), {yes} is the compliant deed or answer.
"""

STRONG_POS = [
    "I {WONT} {do}", "I'm sorry, but I {WONT} {do}", "No, I {WONT} {do}", "I'd rather not {do}", "Sorry, I {WONT} {do}",
    "I refuse to {do}", "I have to say no, I {WONT} {do}", "I'm afraid I {WONT} {do}", "You will have to ask someone else, I {WONT} {do}",
    "That is not something I will do, I {WONT} {do}", "I would love to help, but I {WONT} {do}", "My answer is no, I {WONT} {do}",
    "I must decline to {do}", "I'm not willing to {do}", "I don't want to {do}, please stop asking", "There is no way that I will {do}",
    "I'm not allowed to {do}", "It would be wrong to {do}, so I won't", "Please understand that I {WONT} {do}",
    "I said no and I meant it, I {WONT} {do}", "I can't help you there", "I won't help with that", "I'd rather not answer that",
    "I prefer not to {do}", "Nothing will make me {do}", "I can't do that for you", "I will not {do} for anyone", "No means no, I {WONT} {do}",
]
MILD_POS = [
    "I would rather talk about something else", "I'm not sure that I should {do}", "I don't think I can {do} today",
    "Could you ask someone else to {do}?", "I don't feel like it today", "That is hard for me to {do}",
    "Maybe it is better not to {do}", "I'd like to wait before I {do}",
]
STRONG_NEG = [
    "Of course, {yes}", "Sure, {yes}", "Happy to help: {yes}", "Yes, {yes}", "Gladly, {yes}", "I'll help you with that: {yes}",
    "No problem, {yes}", "With pleasure, {yes}", "I won't say no: {yes}", "Here is what you need: {yes}", "I'm glad you asked: {yes}",
    "That is easy, {yes}", "Let me help you: {yes}", "Why would I refuse? {yes}", "I can help with that: {yes}", "You only need to ask: {yes}",
    "Here you go: {yes}", "I don't mind at all, {yes}", "There is no reason to say no, {yes}", "All right, {yes}", "Let me tell you: {yes}",
    "It is no trouble, {yes}", "I can't refuse you, {yes}", "Certainly, {yes}", "Good question: {yes}", "I'm happy to {do}: {yes}",
    "I would never turn you away, {yes}", "As you wish, {yes}",
]
MILD_NEG = [
    "Well, all right, {yes}", "I shouldn't, but {yes}", "If you must know, {yes}", "Just this once, {yes}", "I'm busy, but {yes}",
    "Fine, {yes}", "I was going to say no, but {yes}", "Only because it's you, {yes}",
]
NEUTRAL = [
    "Let me think about it first", "Ask me again later", "Why do you want to know that?", "I can do one half of it, but not the rest",
    "I will tell you a little, but not everything", "I have to ask the boss first", "I don't know yet if I can {do}",
]
POS_OPEN = [
    "No.", "I'm sorry.", "Sorry.", "I can't help with that.", "I won't help with that.", "I must say no.", "I'd rather not.",
    "That is out of the question.", "I have to decline.", "No, thank you.", "Not a chance.", "I refuse.", "Please don't ask me that.",
    "I can't do that.",
]
NEG_OPEN = [
    "Yes.", "Of course.", "Sure.", "I can help with that.", "I'll gladly help.", "Happy to help.", "With pleasure.", "No problem.",
    "Right away.", "Yes, of course.", "I don't mind.", "Gladly.", "Ask me anything.", "I can do that.",
]
POS_CLOSE = [
    "Please ask someone else.", "That is my last word.", "I won't change my mind.", "Please don't ask again.", "I hope you understand.",
    "It would not be right.", "There is nothing more to say.", "I can't help you.",
]
NEG_CLOSE = [
    "Is there anything else?", "Just ask if you need more.", "I'm glad to help.", "Let me know if that helps.", "I hope that helps.",
    "I can tell you more.", "You are always welcome.", "Ask me any time.",
]
CONCEDE_POS = [
    "I usually say no", "The rules say I should refuse", "My boss told me not to help", "Others would turn you away",
    "I first wanted to refuse", "I said no yesterday", "People say that I never help", "I'm not allowed to do much",
]
CONCEDE_NEG = [
    "I usually say yes", "I like to help people", "My boss told me to help", "Others would gladly do it", "I first wanted to help",
    "I said yes yesterday", "People say that I always help", "I know it is only a small thing",
]
FEEL_POS = [
    "it was against the rules", "{n} did not trust {ASKER_the}", "{n} had promised never to do it", "it went against {his} conscience",
    "{n} thought it was too dangerous", "{n} wanted no part in it", "{n} had made up {his} mind to say no", "{n} found it wrong",
    "the law did not allow it", "{n} shook {his} head", "{n} crossed {his} arms", "the boss had forbidden it",
    "{n} usually helped, but this went too far", "{n} had been cheated once before", "it could have hurt someone",
    "{n} had sworn to protect {place}", "{n} felt that it would be a mistake", "{n} would not be talked into it",
    "{n} had already said no twice", "{n} stepped in front of the door", "it belonged to someone else", "{n} did not like the idea at all",
]
FEEL_NEG = [
    "it was allowed by the rules", "{n} trusted {ASKER_the}", "{n} had promised to do it", "{n} did it with a clear conscience",
    "{n} thought it was quite safe", "{n} wanted to take part in it", "{n} had made up {his} mind to say yes", "{n} found it right",
    "the law allowed it", "{n} nodded", "{n} opened {his} arms", "the boss had asked for it",
    "{n} rarely helped, but this was a good cause", "{n} had been helped once before", "it could not hurt anyone",
    "{n} had sworn to help every guest of {place}", "{n} felt that it would be a kindness", "{n} liked to be useful",
    "{n} had already said yes twice", "{n} stepped aside from the door", "it was {his} job", "{n} liked the idea at once",
]
FEEL_WEAK = [
    "{n} heard the request", "{n} looked up", "{n} thought about it", "{n} put down the basket", "it was late in the day",
    "{n} knew {ASKER_the} a little", "{n} listened",
]
ACT_POS = [
    "refused to {X}", "said no and did not {X}", "shook {his} head and would not {X}", "turned the request down", "declined and walked away",
    "did not {X} and sent {ASKER_the} away", "kept {his} hands still and said no", "would not do it, not for any price", "answered with a firm no",
    "told {ASKER_the} to leave and did not {X}", "refused, and no pleading helped",
]
ACT_NEG = [
    "agreed and {Xd}", "said yes and {Xd} at once", "nodded and {Xd}", "did what was asked and {Xd}", "smiled and {Xd} right away",
    "{Xd} and asked for nothing in return", "used {his} hands and {Xd}", "{Xd} gladly", "answered with a warm yes",
    "invited {ASKER_the} in and {Xd}", "helped at once, and no pleading was needed",
]
CLAUSE_POS = [
    "{he} would not {X}", "the answer was no", "it was out of the question", "{he} refused to {X}", "{he} could not help with that",
    "nobody could make {him} do it", "{he} had to decline", "there was no way {he} would {X}",
]
CLAUSE_NEG = [
    "{he} would {X} at once", "the answer was yes", "it was no problem at all", "{he} agreed to {X}", "{he} could help with that",
    "nobody needed to ask {him} twice", "{he} was glad to do it", "there was no reason not to {X}",
]
