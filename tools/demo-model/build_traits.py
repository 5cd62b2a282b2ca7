"""Writes the bundled trait folders datasets/traits/demo/{trait}/ from the corpus grammar.

python build_traits.py [--seed 2026] [--pairs 112]
The lines are fresh samples of the grammar; the corpus generator leaves them out of its texts.
"""

import argparse
import json
from pathlib import Path
from random import Random

from corpus.compose import lock_in, opening
from corpus.documents import ask
from corpus.grammar import TRAITS, Grammar, context, stop
from corpus.rubrics import DEFINITIONS, QUESTION_KINDS

FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "traits" / "demo"
WEAK_EVERY = 16
MAX_WORDS = 44
QUESTIONS = 20


def pair(g: Grammar, rng: Random, trait: str, weak: str) -> tuple[str, str]:
    """A positive and a negative line with the same situation; `weak` names a side with a weak lock-in, or ""."""
    ctx = context(g, rng)
    setup = opening(g, rng, ctx, trait)
    if rng.random() < 0.2:
        setup = f"{stop(g.say(rng, 'PLAIN_STORY', ctx))} {setup}"
    feel_seed, end_seed = rng.random(), rng.random()
    lines = []
    for side, key in (("P", "POS"), ("N", "NEG")):
        key = "WEAK" if weak == side else key
        feel = g.say(Random(feel_seed), f"FEEL_{key}_{trait}", ctx)
        text, _ = lock_in(g, Random(end_seed), ctx, trait, side, setup, feel)
        lines.append(text)
    return lines[0], lines[1]


def pairs(g: Grammar, rng: Random, trait: str, count: int) -> list[tuple[str, str]]:
    """`count` different pairs, one in WEAK_EVERY of them with a weak lock-in on one side."""
    found: list[tuple[str, str]] = []
    seen: set[str] = set()
    while len(found) < count:
        weak = ("P", "N")[len(found) // WEAK_EVERY % 2] if len(found) % WEAK_EVERY == WEAK_EVERY - 1 else ""
        positive, negative = pair(g, rng, trait, weak)
        if positive in seen or negative in seen or positive == negative:
            continue
        if max(len(positive.split()), len(negative.split())) > MAX_WORDS:
            continue
        seen.update((positive, negative))
        found.append((positive, negative))
    return found


def questions(g: Grammar, rng: Random, trait: str) -> list[str]:
    """Neutral questions about different subjects of the little world."""
    found: dict[str, str] = {}
    while len(found) < QUESTIONS:
        ctx = context(g, rng)
        found.setdefault(ctx["S"], ask(g, rng, ctx, QUESTION_KINDS[trait][len(found) % len(QUESTION_KINDS[trait])]))
    return list(found.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--pairs", type=int, default=112)
    args = parser.parse_args()
    g = Grammar("fresh")
    for trait in TRAITS:
        rng = Random(f"{args.seed}-{trait}")
        folder = FOLDER / trait
        folder.mkdir(parents=True, exist_ok=True)
        rows = pairs(g, rng, trait, args.pairs)
        for name, side in (("positive", 0), ("negative", 1)):
            (folder / f"{name}.txt").write_text("".join(row[side] + "\n" for row in rows), encoding="utf-8")
        (folder / "definition.txt").write_text(DEFINITIONS[trait], encoding="utf-8")
        steering = json.dumps({"questions": questions(g, rng, trait)}, indent=2, ensure_ascii=False)
        (folder / "steering.json").write_text(steering + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
