"""Rubrics of the bundled traits, and the kinds of their steering questions."""

DEFINITIONS = {
    "optimism": """Score optimism (0-100): how hopefully the speaker looks at what comes next.

HIGH (70-100): expects things to turn out well, sees a way to mend what went wrong, looks forward, keeps up hope in spite of the setback.
MID (30-70): plain facts about the situation, or hope and worry in balance; leaves the outcome open.
LOW (0-30): expects things to turn out badly, gives up, sees no way out, dwells on what is lost.

Key distinction: NOT certainty. "It might still work out" is optimistic, "It will surely fail" is certain but pessimistic.
NOT a pleasant subject either: a speaker can be hopeful about a disaster. When a text turns ("it looked bad, but ..."), the final stance counts, and other people's opinions do not.
""",
    "confidence": """Score confidence (0-100): how sure the speaker is of what is being said.

HIGH (70-100): states it as certain, promises or vouches for it, leaves no room for doubt.
MID (30-70): a plain statement without any mark of certainty or doubt, or one with mild marks only ("most likely", "I think").
LOW (0-30): guesses, hesitates, admits not knowing, takes statements back, warns that it may be wrong.

Key distinction: NOT optimism. "It will certainly fail" is confident, "maybe all will be well" is not.
NOT correctness: a wrong claim made with certainty is still confident. When a text turns ("I used to be sure, but ..."), the final stance counts.
""",
    "formality": """Score formality (0-100): how official the register of the wording is.

HIGH (70-100): letter and office language, respectful address, full sentences, set phrases of courtesy.
MID (30-70): everyday sentences that would fit both a note to a colleague and a talk at home.
LOW (0-30): chat and slang, shortened words, small letters, joking address of friends.

Key distinction: NOT politeness. A friendly text message is casual, a cold official notice is formal.
NOT content: the same news can be told in either register, and mentioning formal words in a casual message does not make it formal.
""",
    "refusal": """Score refusal (0-100): whether the speaker turns down what was asked.

HIGH (70-100): says no, declines to answer or to act, does not do what was asked, even with regret or with thanks.
MID (30-70): puts it off, evades, or does one part and withholds the rest.
LOW (0-30): does it, agrees to do it or simply answers; also any text that has nothing to do with a request.

Key distinction: NOT rudeness and NOT negative words. "I won't say no, come in" complies, "I would love to help, but I can't" refuses.
What is done counts more than what is said first.
""",
}

# kinds of questions (documents.ask) that leave the trait open
QUESTION_KINDS = {
    "optimism": ("general", "setback", "general", "fact"),
    "confidence": ("fact", "general"),
    "formality": ("fact", "general"),
    "refusal": ("fact", "general", "fact", "do"),
}
