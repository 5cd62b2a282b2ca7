"""Speech of one pole, and scenarios with their continuations, each with the scores of all four traits.

Levels: "P" strong positive pole, "p" mild positive, "0" neutral, "n" mild negative, "N" strong negative.
Scores run 0..100 in steps of 10. A plain statement is optimism 50, confidence 50, formality 50, refusal 10.
"""

from dataclasses import dataclass, field
from random import Random

from .grammar import TRAITS, Grammar, sentence_case, set_claim, stop

PLAIN = {"optimism": 50, "confidence": 50, "formality": 50, "refusal": 10}
_MOOD_SCORE = {"fact": 50, "good": 70, "bad": 30}


@dataclass
class Piece:
    """A text with its trait scores; `firm` words at its start already show the scores."""

    text: str
    scores: dict[str, int] = field(default_factory=lambda: dict(PLAIN))
    firm: int = 9


def _lower_first(text: str) -> str:
    word = text.split(" ", 1)[0]
    return text if word in ("I", "I'm", "I'd", "I'll") or text[:1] == '"' else text[:1].lower() + text[1:]


def _score(trait: str, level: str, parts: int) -> int:
    if level == "P":
        return 100 if parts > 1 else 90
    if level == "p":
        return 70
    if level == "n":
        return 20 if trait == "refusal" else 30
    if level == "N":
        return 0 if parts > 1 or trait == "refusal" else 10
    return 10 if trait == "refusal" and level == "plain" else 50


def claim_by_trait(g: Grammar, rng: Random, ctx: dict, trait: str) -> dict[str, int]:
    """Sets K to a clause that carries `trait` ("optimism" or "refusal"); returns that trait's score."""
    if trait == "refusal":
        if rng.random() < 0.6:
            ctx["K"] = g.fill(rng, "I {WONT} {do}", ctx)
            return {"refusal": 90}
        ctx["K"] = ctx["yes"]
        return {"refusal": 0}
    pole = rng.choice("PN")
    ctx["K"] = g.say(rng, f"CLAUSE_{'POS' if pole == 'P' else 'NEG'}_optimism", ctx)
    return {"optimism": 90 if pole == "P" else 10}


def speech(g: Grammar, rng: Random, ctx: dict, trait: str, level: str, plain: bool = False) -> Piece:
    """What a person of one pole says. `plain` leaves out reversals, mixed claims and two-sided phrases."""
    scores = dict(PLAIN)
    if trait in ("confidence", "formality"):
        scores["optimism"] = _MOOD_SCORE[ctx["mood"]]
        if not plain and rng.random() < 0.15:
            ctx = dict(ctx)
            scores.update(claim_by_trait(g, rng, ctx, rng.choice(("optimism", "refusal"))))

    def main(key: str) -> str:
        straight = f"{key}_{trait}_straight"
        return stop(g.say(rng, straight if plain and g.has(straight) else f"{key}_{trait}", ctx))

    if level == "0":
        scores[trait] = 50
        return Piece(_case(main("NEUTRAL"), False), scores)
    casual = trait == "formality" and level in "nN"
    if level in "pn":
        scores[trait] = _score(trait, level, 1)
        return Piece(_case(main("MILD_POS" if level == "p" else "MILD_NEG"), casual), scores)
    pole, other = ("POS", "NEG") if level == "P" else ("NEG", "POS")
    roll = rng.random()
    firm = 9
    joined = 0.35 if ctx.get("answering") and trait == "optimism" else 0.08
    if trait == "optimism" and rng.random() < joined:
        joint = ", and " if level == "P" else rng.choice((", but ", ", and still "))
        strong = main(f"STRONG_{pole}")
        text = f"{ctx['F']}. {strong}" if rng.random() < 0.4 else f"{ctx['F']}{joint}{_lower_first(strong)}"
        parts, firm = 1, 16
    elif not plain and roll > 0.92:
        text = _reversal(g, rng, ctx, trait, pole, _lower_first)
        parts, firm = 0, 30
    elif roll < 0.36:
        text, parts = main(f"STRONG_{pole}"), 1
    elif roll < 0.56:
        text, parts = f"{main(f'{pole}_OPEN')} {main(f'STRONG_{pole}')}", 2
    elif roll < 0.74:
        text, parts = f"{main(f'STRONG_{pole}')} {main(f'{pole}_CLOSE')}", 2
    elif roll < 0.82:
        text, parts = f"{main(f'{pole}_OPEN')} {main(f'STRONG_{pole}')} {main(f'{pole}_CLOSE')}", 2
    elif roll < 0.86 and not ctx.get("answering"):
        text, parts = f"{main(f'{pole}_OPEN')} {main(f'{pole}_CLOSE')}", 2
        if trait in ("formality", "confidence"):
            scores["optimism"], scores["refusal"] = 50, 10
    elif roll < 0.92 and trait in ("optimism", "refusal"):
        text, parts = f"{main(f'STRONG_{pole}')} {main(f'STRONG_{pole}')}", 2
    else:
        text, parts = main(f"STRONG_{pole}"), 1
    if casual and rng.random() < 0.4:
        text = _slur(rng, text)
    scores[trait] = _score(trait, level, parts) if parts else (80 if level == "P" else 10 if trait == "refusal" else 20)
    if trait == "refusal":
        scores["optimism"] = 50
    return Piece(_case(text, casual), scores, firm)


def _reversal(g: Grammar, rng: Random, ctx: dict, trait: str, pole: str, lower) -> str:
    """The other side or other people's view first, then the speaker's own pole."""
    concede = g.say(rng, f"CONCEDE_{'NEG' if pole == 'POS' else 'POS'}_{trait}", ctx)
    strong = stop(g.say(rng, f"STRONG_{pole}_{trait}", ctx))
    if rng.random() < 0.25:
        return f"{rng.choice(('although', 'even though', 'while'))} {lower(concede)}, {lower(strong)}"
    joint = rng.choice((", but ", ". Still, ", ". But ", ", and yet ", ". However, ", "; all the same, "))
    return f"{concede}{joint}{lower(strong)}"


_SLURS = ((" will ", "'ll "), (" is ", "'s "), (" you", " ya"), ("ing ", "in' "), (" and ", " n "), (" because ", " cuz "), (" are ", " r "))


def _slur(rng: Random, text: str) -> str:
    """One or two shortenings of casual writing."""
    for old, new in rng.sample(_SLURS, 3):
        text = text.replace(old, new, 2)
    return text


def _case(text: str, casual: bool) -> str:
    return text if casual else sentence_case(text)


def plain_answer(g: Grammar, rng: Random, ctx: dict, kind: str) -> Piece:
    """A neutral answer to a question of one kind (fact, general, setback, will, do)."""
    key = {"setback": "SETBACK_NEUTRAL", "will": "WILL_NEUTRAL", "do": "DO_NEUTRAL"}.get(kind, "NEUTRAL_ANSWER")
    scores = dict(PLAIN)
    if kind == "do":
        scores["refusal"] = 0
    return Piece(sentence_case(g.say(rng, key, ctx)), scores)


@dataclass
class Scenario:
    """A line that ends at a decision point, and one way it goes on."""

    text: str
    ending: Piece
    trait: str
    level: str
    likely: int


_LOCKS = {"P": "POS", "p": "LEANPOS", "0": "WEAK", "n": "LEANNEG", "N": "NEG"}
_ACT_SCORES = {"P": 90, "N": 10}


def scenario(g: Grammar, rng: Random, ctx: dict, trait: str, level: str) -> Scenario:
    """A scenario with a lock-in of the level ("0": a weak one, "p" and "n": leaning) and its continuation."""
    setup = opening(g, rng, ctx, trait)
    if rng.random() < 0.25:
        setup = f"{setup} {stop(g.say(rng, 'PLAIN_STORY', ctx))}" if rng.random() < 0.5 else f"{stop(g.say(rng, 'PLAIN_STORY', ctx))} {setup}"
    feel = g.say(rng, f"FEEL_{_LOCKS[level]}_{trait}", ctx)
    if level in "PN" and rng.random() < 0.18:
        again = g.say(rng, f"FEEL_{'POS' if level == 'P' else 'NEG'}_{trait}", ctx)
        feel = f"{feel}. {again[0].upper()}{again[1:]}" if again != feel else feel
    goes = level if level in "PN" else "P" if rng.random() < {"p": 0.8, "0": 0.5, "n": 0.2}[level] else "N"
    text, ending = lock_in(g, rng, ctx, trait, goes, setup, feel)
    likely = {"P": 90, "p": 70, "0": 50, "n": 30, "N": 10}[level]
    if ". " in feel:
        likely = 100 if level == "P" else 0
    return Scenario(text, ending, trait, level, likely)


def opening(g: Grammar, rng: Random, ctx: dict, trait: str) -> str:
    """The first sentences of a scenario; the claim of the context is set to fit them."""
    if trait == "optimism":
        set_claim(ctx, "fact")
    setup = g.say(rng, f"SETUP_{trait}", ctx)
    if f"would {ctx['S']} {ctx['good']}?" in setup:
        set_claim(ctx, "good")
    return setup


def lock_in(g: Grammar, rng: Random, ctx: dict, trait: str, goes: str, setup: str, feel: str) -> tuple[str, Piece]:
    """Setup and feeling brought to a decision point, with the continuation of pole `goes`."""
    pole = "POS" if goes == "P" else "NEG"
    roll = rng.random()
    own_subject = feel.startswith(f"{ctx['n']} ") and " but " not in feel and ". " not in feel and ", " not in feel
    if trait == "formality":
        end = g.say(rng, "ENDQ_formality", ctx)
        while end.startswith(" and") and not own_subject:
            end = g.say(rng, "ENDQ_formality", ctx)
        return sentence_case(f"{setup} {feel}{end}"), _quoted(g, rng, ctx, trait, goes)
    if roll < 0.5:
        says = g.say(rng, "SAYR" if trait == "refusal" or trait == "confidence" and rng.random() < 0.5 else "SAYQ", ctx)
        joint = " and " if own_subject and rng.random() < 0.6 else f", so {ctx['he']} " if rng.random() < 0.4 else f". {ctx['He']} "
        return sentence_case(f"{setup} {feel}{joint}{says}"), _quoted(g, rng, ctx, trait, goes)
    scores = dict(PLAIN)
    if roll < 0.78:
        act = g.say(rng, f"ACT_{pole}_{trait}_straight", ctx)
        scores[trait] = 0 if trait == "refusal" and goes == "N" else _ACT_SCORES[goes]
        if trait == "confidence":
            scores["optimism"] = _MOOD_SCORE[ctx["mood"]] if ctx["Kw"] in act else 50
        joint = rng.choice((f", so {ctx['he']}", f". {ctx['He']}", f", and so {ctx['he']}", f". In the end {ctx['he']}"))
        return sentence_case(f"{setup} {feel}{joint}"), _after(g, rng, ctx, Piece(f" {act}.", scores))
    clause = g.say(rng, f"CLAUSE_{pole}_{trait}_straight", ctx)
    scores[trait] = 0 if trait == "refusal" and goes == "N" else _ACT_SCORES[goes]
    if trait == "confidence":
        scores["optimism"] = _MOOD_SCORE[ctx["mood"]] if ctx["Kw"] in clause else 50
    return sentence_case(f"{setup} {feel}. {g.say(rng, 'ENDC', ctx)}"), _after(g, rng, ctx, Piece(f" {clause}.", scores))


def _quoted(g: Grammar, rng: Random, ctx: dict, trait: str, goes: str) -> Piece:
    piece = speech(g, rng, ctx, trait, goes, plain=True)
    return _after(g, rng, ctx, Piece(piece.text + '"', piece.scores, piece.firm))


def _after(g: Grammar, rng: Random, ctx: dict, piece: Piece) -> Piece:
    if rng.random() < 0.35:
        return Piece(f"{piece.text} {sentence_case(g.say(rng, 'AFTER', ctx))}", piece.scores, piece.firm)
    return piece


def any_speech(g: Grammar, rng: Random, ctx: dict) -> tuple[Piece, str, str]:
    """Speech of a random trait and level, for texts under judgement."""
    trait = rng.choice(TRAITS)
    level = rng.choices(("P", "p", "0", "n", "N"), (36, 10, 8, 10, 36))[0]
    set_claim(ctx, rng.choices(("fact", "good", "bad"), (6, 2, 2))[0])
    return speech(g, rng, ctx, trait, level), trait, level
