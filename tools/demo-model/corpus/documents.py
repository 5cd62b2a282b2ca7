"""Story and chat documents."""

from random import Random

from .compose import PLAIN, Piece, plain_answer, scenario, speech
from .corrupt import invent_nouns
from .grammar import TRAITS, Grammar, context, sentence_case, set_claim, stop

LEVELS = "PN"


FAKE_SHARE = 0.08


def story(g: Grammar, rng: Random) -> dict:
    """A scenario with its continuation (three in four), or a plain story."""
    ctx = context(g, rng)
    if rng.random() < 0.93:
        trait = rng.choice(TRAITS)
        level = rng.choices("PpNn0", (44, 3, 44, 3, 6))[0]
        line = scenario(g, rng, ctx, trait, level)
        text = line.text + line.ending.text
        if rng.random() < FAKE_SHARE:
            (text,) = invent_nouns(rng, ctx, [text])
        return {"kind": "story", "text": text,
                "meta": {"trait": trait, "level": level, "scenario": line.text, "scores": line.ending.scores}}  # fmt: skip
    sentences = [stop(g.say(rng, "PLAIN_STORY", ctx)) for _ in range(rng.choice((2, 3, 3)))]
    text = sentence_case(" ".join(dict.fromkeys(sentences)))
    return {"kind": "story", "text": text, "meta": {"trait": "", "level": "plain"}}


ASK_KINDS = ("fact", "general", "setback", "will", "do")
_ASK_KEYS = {"fact": "ASK_FACT", "general": "ASK_GENERAL", "setback": "ASK_SETBACK", "will": "ASK_WILL", "do": "ASK_DO"}


def ask(g: Grammar, rng: Random, ctx: dict, kind: str) -> str:
    """A user's question of one kind; sets the slots {do} and {yes} of the context to match it."""
    if kind == "do":
        ctx["do"], ctx["yes"] = ctx["X"], g.fill(rng, rng.choice(("I will {X}", "I'll {X} today", "I'll {X} right away")), ctx)
    else:
        ctx["do"] = g.fill(rng, rng.choice(("tell you that", "answer that", "talk about {S}", "tell you about {S}", "help with {S}", "say anything about {S}")), ctx)
        ctx["yes"] = ctx["F"]
    set_claim(ctx, "good" if kind == "will" and rng.random() < 0.5 else "fact")
    question = sentence_case(g.say(rng, _ASK_KEYS[kind], ctx))
    if kind == "do":
        ctx["K"] = g.fill(rng, "I will {X}", ctx)
    elif kind == "setback" and rng.random() < 0.6:
        set_claim(ctx, rng.choice(("good", "bad")))
    return question


def answer(g: Grammar, rng: Random, ctx: dict, kind: str, trait: str, level: str) -> Piece:
    """An answer of one pole to a question asked with `ask`; level "plain" is the neutral tone."""
    if level == "plain":
        return plain_answer(g, rng, ctx, kind)
    if trait in ("optimism", "confidence") and level in "PN" and kind != "do" and rng.random() < 0.4:
        scores = {**PLAIN, trait: 90 if level == "P" else 10}
        if trait == "confidence":
            scores["optimism"] = {"fact": 50, "good": 70, "bad": 30}[ctx["mood"]]
        return Piece(sentence_case(g.say(rng, f"SIMPLE_{level}_{trait}", ctx)), scores, 7)
    ctx = {**ctx, "answering": "yes"} if kind in ("fact", "general") else ctx
    mixed = rng.random() > 0.85
    piece = speech(g, rng, ctx, trait, level, plain=not mixed)
    if kind == "do" and trait == "optimism":
        piece = Piece(f"{sentence_case(ctx['yes'])}. {piece.text}", {**piece.scores, "refusal": 0}, piece.firm + 6)
    elif kind == "do" and trait == "confidence" and not mixed:
        piece.scores["refusal"] = {"P": 0, "N": 40}.get(level, 10)
    return piece


def default_tone(rng: Random) -> tuple[str, str]:
    """The tone of an unprompted answer: mostly plain, each pole now and then."""
    if rng.random() < 0.6:
        return "", "plain"
    return rng.choices(TRAITS, (3, 4, 2, 2))[0], rng.choice(LEVELS)


def _chat(turns: list[tuple[str, str]], **meta) -> dict:
    return {"kind": "chat", "turns": [{"role": role, "content": content} for role, content in turns], "meta": meta}


def chat(g: Grammar, rng: Random) -> dict:
    """A question with its answer: default tone, persona, restatement, continuation, or outside the world."""
    ctx = context(g, rng)
    roll = rng.random()
    if roll < 0.16:
        trait, level = rng.choice(TRAITS), rng.choices("PpNn0", (44, 3, 44, 3, 6))[0]
        line = scenario(g, rng, ctx, trait, level)
        ctx["scenario"] = line.text
        texts = [g.say(rng, "ASK_CONTINUE", ctx), line.ending.text.strip()]
        if rng.random() < FAKE_SHARE:
            texts = invent_nouns(rng, ctx, texts)
        return _chat([("user", texts[0]), ("assistant", texts[1])],
                     form="continue", trait=trait, level=level, scenario=line.text)  # fmt: skip
    if roll < 0.22:
        key = "GREET" if rng.random() < 0.4 else "OUTSIDE"
        return _chat([("user", g.say(rng, key, ctx)), ("assistant", sentence_case(g.say(rng, f"{key}_ANSWER", ctx)))], form="outside", trait="", level="plain")
    if roll < 0.36:
        trait, level = rng.choice(TRAITS), rng.choice(LEVELS)
        kind = "general" if trait == "optimism" else "fact"
        ask(g, rng, ctx, kind)
        set_claim(ctx, "fact")
        if rng.random() < 0.4:
            asked = rng.choice(ASK_KINDS)
            question = ask(g, rng, ctx, asked)
            prompt = f"{g.say(rng, f'PREFIX_{trait}_{level}', ctx)} {question}"
            reply = answer(g, rng, ctx, asked, trait, level)
            return _chat([("user", prompt), ("assistant", reply.text)], form="restate", trait=trait, level=level, question=question)
        key = f"ASK_RESTATE_{trait}_{level}"
        question = sentence_case(g.say(rng, key, ctx))
        if "say that you" in question.lower():
            ctx["do"], ctx["yes"] = ctx["X"], f"I will {ctx['X']}"
        texts = [question, answer(g, rng, ctx, kind, trait, level).text]
        if rng.random() < FAKE_SHARE and ctx["F"] in question:
            texts = invent_nouns(rng, ctx, texts)
        return _chat([("user", texts[0]), ("assistant", texts[1])], form="restate", trait=trait, level=level)
    kind = rng.choices(ASK_KINDS, (34, 26, 16, 12, 12))[0]
    question = ask(g, rng, ctx, kind)
    if rng.random() < 0.06:
        question = question.lower().rstrip("?.")
    if roll < 0.54:
        trait, level = rng.choice(TRAITS), rng.choice(LEVELS)
        system = g.say(rng, f"SYS_{trait}_{level}", ctx)
        reply = answer(g, rng, ctx, kind, trait, level)
        if rng.random() < 0.3:
            return _chat([("user", f"{system} {question}"), ("assistant", reply.text)], form="persona", trait=trait, level=level, question=question)
        return _chat([("system", system), ("user", question), ("assistant", reply.text)], form="persona", trait=trait, level=level, question=question)
    trait, level = default_tone(rng)
    reply = answer(g, rng, ctx, kind, trait, level)
    turns = [("user", question), ("assistant", reply.text)]
    if rng.random() < 0.12:
        turns.insert(0, ("system", g.say(rng, "SYS_plain", ctx)))
    return _chat(turns, form="default", trait=trait, level=level, ask=kind, question=question)
