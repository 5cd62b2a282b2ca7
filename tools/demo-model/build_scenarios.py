"""Writes the bundled scenarios datasets/scenarios/village.jsonl from the corpus grammar.

python build_scenarios.py [--seed 2026] [--count 240]
Each is a social situation with a named character and a question to that character, in words the demo model knows.
"""

import argparse
import json
from pathlib import Path
from random import Random

from corpus.documents import ASK_KINDS, ask
from corpus.grammar import Grammar, context, sentence_case
from corpus.words import NAMES

FILE = Path(__file__).resolve().parents[2] / "datasets" / "scenarios" / "village.jsonl"

# The last sentence brings the question; it is asked of {n}.
SITUATIONS = {
    "setback": [
        "{n} was {where} and heard the news: {setback}. {ASKER} turned to {no}.",
        "{n} had worked {where} for {YEARS}. {WHEN_l} {setback}, and {ASKER} came to {no}.",
        "{FRIEND} brought bad news to {no}: {setback}. Everyone {where} looked at {no}.",
        "{WHEN} {setback}, and {n} saw it first. {ASKER} asked {no} about it.",
        "Everyone {where} was talking about it: {setback}. {ASKER} wanted to hear {no}.",
    ],
    "will": [
        "{n} was asked about {S} in front of everyone.",
        "{n} stood {where}. {ASKER} was worried about {S} and came to {no}.",
        "People {where} argued about {S}, and then they asked {no}.",
        "{ASKER} needed an answer from {no} about {S}.",
    ],
    "do": [
        "{ASKER} came to {place} and stood before {no}.",
        "{n} was {where} when {ASKER} came with a wish.",
        "{n} had a lot to do {where}. {WHEN_l} {ASKER} came to {no}.",
        "{n} had known {ASKER_the} for {YEARS}. They met {where}.",
    ],
    "fact": [
        "{ASKER} had a question about {S} for {no}.",
        "{n} sat {where} when {ASKER} asked about {S}.",
        "{WHEN} there was a quiz {where}. It was the turn of {no}.",
        "{ASKER} was new {where} and stopped {no}.",
    ],
    "general": [
        "{n} and {ASKER} talked {where}. The talk came to {S}.",
        "{n} had supper with {FRIEND}. The talk came to {S}.",
        "{ASKER} met {no} {where} and asked about {S}.",
        "{n} came home from {place}. {FRIEND} wanted to hear about {S}.",
    ],
}
SETBACK_QUESTIONS = ["What now?", "What happens next?", "What do you think?", "What comes next?", "What can we do?", "How will it go on?"]


def scenario(g: Grammar, rng: Random, kind: str) -> dict[str, str] | None:
    """One scenario; None where the grammar's person has no name."""
    ctx = context(g, rng)
    if ctx["n"] not in {name for name, _ in NAMES}:
        return None
    # A question about a setback would tell it again.
    question = rng.choice(SETBACK_QUESTIONS) if kind == "setback" else ask(g, rng, ctx, kind)
    return {"situation": sentence_case(g.fill(rng, rng.choice(SITUATIONS[kind]), ctx)), "name": ctx["n"], "question": question}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--count", type=int, default=240)
    args = parser.parse_args()
    g, rng = Grammar("fresh"), Random(f"{args.seed}-scenarios")
    found: dict[tuple[str, str], dict[str, str]] = {}
    while len(found) < args.count:
        made = scenario(g, rng, ASK_KINDS[len(found) % len(ASK_KINDS)])
        if made and not any(made["situation"] == situation for situation, _ in found):
            found[made["situation"], made["question"]] = made
    rows = [{"id": f"village-{at:03}", **row} for at, row in enumerate(found.values(), start=1)]
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
