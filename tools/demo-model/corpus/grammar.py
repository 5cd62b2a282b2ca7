"""Template expansion over the phrase tables, with the held-out split.

Every 7th item (index % 7 == 3) of every phrase list, of the topics and of the names is held out of
train and fresh texts; held-out texts use only those items where a list has them. Single-word synonym
lists (words.WORDS) stay whole.
"""

import math
import re
from random import Random

from . import everyday_phrases, more_phrases, more_words, patterns, setups, trait_confidence, trait_formality, trait_optimism, trait_refusal, words
from .topics import TOPICS

TRAITS = ("optimism", "confidence", "formality", "refusal")
HELD_STEP, HELD_INDEX = 7, 3
_MODULES = {
    "optimism": trait_optimism,
    "confidence": trait_confidence,
    "formality": trait_formality,
    "refusal": trait_refusal,
}
_SLOT = re.compile(r"\{(\w+)\}")


def split_items(items, split: str):
    """The items of one list that may occur in a split ("train", "fresh" or "heldout")."""
    held = [item for i, item in enumerate(items) if i % HELD_STEP == HELD_INDEX]
    if split == "heldout":
        return held if len(items) >= HELD_STEP else list(items)
    if len(items) < HELD_STEP:
        return list(items)
    return [item for i, item in enumerate(items) if i % HELD_STEP != HELD_INDEX]


def phrase_lists() -> dict[str, list[str]]:
    """Every phrase list by its slot name, those of a trait as KEY_trait, the further phrases appended."""
    lists: dict[str, list[str]] = {}
    for table in (words.PHRASES, more_words.PHRASES, setups.PHRASES):
        lists.update({key: list(items) for key, items in table.items()})
    for trait, module in _MODULES.items():
        lists.update({f"{key}_{trait}": list(items) for key, items in vars(module).items() if key.isupper()})
    for table in (more_phrases.PHRASES, patterns.pole_lists(), everyday_phrases.PHRASES):
        for key, items in table.items():
            lists[key] = lists.get(key, []) + items
    return lists


_TURNS = re.compile(r"_P\}.*_N\}|_N\}.*_P\}|\bbut\b|no longer|any more|anything but|never (\{|in|meant)|not \{|GOODNEWS.*BADNEWS|BADNEWS.*GOODNEWS|not expect|did not (hope|fear)")
TURNED_SHARE = 0.16


def _mostly_plain(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs with the plain ones repeated, so that negations and reversals are at most TURNED_SHARE of them."""
    turned = [pair for pair in pairs if _TURNS.search(pair[0]) or _TURNS.search(pair[1])]
    plain = [pair for pair in pairs if pair not in turned]
    if not plain or not turned:
        return pairs
    times = max(1, math.ceil(len(turned) * (1 - TURNED_SHARE) / TURNED_SHARE / len(plain)))
    return turned + plain * times


def _straight(key: str, items: list[str]) -> list[str]:
    """The phrases of a pole without negation, reversal or words of the other pole; all of them if none is left.

    Continuations use these: a phrase that starts alike at both poles ("I am no longer ...") draws greedy
    decoding away from the lock-in.
    """
    other = "_N}" if "POS" in key else "_P}"
    kept = [item for item in items if other not in item and not _TURNS.search(item)]
    return kept or items


def _compile(template: str):
    """Alternating literal text and slot names; even positions are literal."""
    return _SLOT.split(template)


class Grammar:
    """Phrase lists of one split, compiled."""

    def __init__(self, split: str):
        self.split = split
        self.lists: dict[str, list[list[str]]] = {}
        for table in (words.WORDS, more_words.WORDS, patterns.WORDS, patterns.side_lists()):
            for key, items in table.items():
                self.lists[key] = [_compile(item) for item in items]
        phrases = phrase_lists()
        for key, items in phrases.items():
            if key.startswith(("FEEL_POS", "FEEL_NEG")):
                other = phrases[key.replace("POS", "NEG") if "POS" in key else key.replace("NEG", "POS")]
                kept = _mostly_plain(split_items(list(zip(items, other, strict=True)), split))
                self.lists[key] = [_compile(item) for item, _ in kept]
            else:
                kept = split_items(items, split)
                self.lists[key] = [_compile(item) for item in kept]
                if key.startswith(("STRONG_", "ACT_", "CLAUSE_", "POS_", "NEG_")):
                    self.lists[f"{key}_straight"] = [_compile(item) for item in _straight(key, kept)]
        self.topics = split_items(TOPICS, split)
        self.other_topics = split_items(TOPICS, "train") if split == "heldout" else self.topics
        self.names = split_items(words.NAMES, split)
        self.held_subjects = frozenset(topic.subject for topic in split_items(TOPICS, "heldout"))

    def has(self, key: str) -> bool:
        return key in self.lists

    def say(self, rng: Random, key: str, ctx: dict[str, str]) -> str:
        """One expanded item of the list `key`."""
        items = self.lists[key]
        return self._fill(rng, items[int(rng.random() * len(items))], ctx)

    def fill(self, rng: Random, template: str, ctx: dict[str, str]) -> str:
        """A template with its slots filled from the context first, then from the lists."""
        return self._fill(rng, _compile(template), ctx)

    def _fill(self, rng: Random, parts: list[str], ctx: dict[str, str]) -> str:
        if len(parts) == 1:
            return parts[0]
        out = parts[:]
        for i in range(1, len(parts), 2):
            key = parts[i]
            value = ctx.get(key)
            if value is None:
                value = self.say(rng, key, ctx)
            out[i] = value
        return "".join(out)


def _inflect(verb_phrase: str, plural: bool) -> str:
    """Present tense of a base-form verb phrase: "grow back" -> "grows back"."""
    first, _, rest = verb_phrase.partition(" ")
    tail = f" {rest}" if rest else ""
    if first == "not":
        return f"{'do' if plural else 'does'} not{tail}"
    if first == "never":
        return f"never {_inflect(rest, plural)}"
    if first == "be":
        return ("are" if plural else "is") + tail
    if plural:
        return verb_phrase
    if first == "have":
        return "has" + tail
    if first.endswith(("s", "sh", "ch", "x", "o")):
        return first + "es" + tail
    if first.endswith("y") and first[-2] not in "aeiou":
        return first[:-1] + "ies" + tail
    return first + "s" + tail


def context(grammar: Grammar, rng: Random, topic=None) -> dict[str, str]:
    """Slots of one situation: a topic with its turns and facts, a person, a request, a claim.

    Besides the slots it holds "mood" (of the claim K): "fact", "good" or "bad".
    """
    topic = topic or rng.choice(grammar.topics if rng.random() < 0.5 else grammar.other_topics)
    setting = topic.setting
    good, bad = rng.choice(topic.good), rng.choice(topic.bad)
    first, second = (0, 1) if rng.random() < 0.5 else (1, 0)
    question, fact = topic.facts[first]
    base, past = rng.choice(setting.requests)
    roll = rng.random()
    person = rng.choice(grammar.names)
    if roll < 0.22:
        pronouns = ("I", "me", "my", "myself")
        name, obj, obj2 = "I", "me", "I"
    else:
        pronouns = ("she", "her", "her", "herself") if person[1] == "she" else ("he", "him", "his", "himself")
        name = person[0] if roll < 0.7 else f"the {rng.choice(setting.roles)}"
        obj, obj2 = name, pronouns[0]
    he, him, his, himself = pronouns
    plural = topic.plural
    ctx = {
        "S": topic.subject, "good": good, "bad": bad,
        "good_s": _inflect(good, plural), "bad_s": _inflect(bad, plural),
        "is": "are" if plural else "is", "them": "them" if plural else "it",
        "where": setting.where, "place": setting.place, "role": rng.choice(setting.roles),
        "setback": rng.choice(topic.setbacks), "Q": question, "F": fact, "F2": topic.facts[second][1],
        "X": base, "Xd": past, "n": name, "no": obj, "no2": obj2, "he": he, "him": him, "his": his,
        "himself": himself, "He": he[0].upper() + he[1:], "His": his[0].upper() + his[1:],
    }  # fmt: skip
    ctx["ASKER_the"] = name
    while ctx["ASKER_the"] == name:
        ctx["ASKER"] = grammar.say(rng, "ASKER", ctx)
        ctx["ASKER_the"] = "the " + ctx["ASKER"].removeprefix("an ").removeprefix("a ").removeprefix("the ")
    ctx["FRIEND"] = grammar.say(rng, "FRIEND", ctx)
    when = grammar.say(rng, "WHEN", ctx)
    ctx["WHEN"] = ctx["WHEN_l"] = when
    set_claim(ctx, rng.choices(("fact", "good", "bad"), (6, 2, 2))[0])
    ctx["do"] = base
    ctx["yes"] = f"I will {base}"
    return ctx


def set_claim(ctx: dict[str, str], mood: str) -> None:
    """Sets the claim clause K (reported: Kw) to the fact, or to a good or bad turn."""
    ctx["mood"] = mood
    ctx["K"] = ctx["F"] if mood == "fact" else f"{ctx['S']} will {ctx[mood]}"
    ctx["Kw"] = ctx["F"] if mood == "fact" else f"{ctx['S']} would {ctx[mood]}"


_START = re.compile(r'(^"?|[.!]"? "?|\? "?|, "|: ")([a-z])')


def sentence_case(text: str) -> str:
    """Capital letters after full stops and at the start of quoted speech."""
    return _START.sub(lambda m: m.group(1) + m.group(2).upper(), text)


def stop(text: str) -> str:
    """The text with a final full stop unless it already ends a sentence."""
    return text if text[-1] in '.!?,:"' else text + "."
