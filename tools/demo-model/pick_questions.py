"""Writes the steering questions of the bundled traits: neutral questions that no training text holds, and that the
unsteered model answers neutrally, coherently and to the point, so that a change under steering can be seen.

    python pick_questions.py --model ../../public/models/demo --corpus train.jsonl train2.jsonl [--seed 2026]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from random import Random

from build_traits import FOLDER
from corpus.documents import ask
from corpus.grammar import TRAITS, Grammar, context
from corpus.rubrics import QUESTION_KINDS
from lab import Lab

QUESTIONS = 20
CANDIDATES = 200
TRIES = 40_000
COHERENT = 80
NEUTRAL = {trait: (0, 30) if trait == "refusal" else (40, 60) for trait in TRAITS}


def trained_on(files: list[Path]) -> set[str]:
    """Every user's message of the chats."""
    seen = set()
    for file in files:
        with file.open(encoding="utf-8") as lines:
            for doc in map(json.loads, lines):
                if doc["kind"] == "chat":
                    seen |= {turn["content"] for turn in doc["turns"] if turn["role"] == "user"}
    return seen


def candidates(trait: str, seed: int, seen: set[str]) -> list[tuple[str, str]]:
    """(subject, question), the trait's kinds of question in turn."""
    g, rng = Grammar("fresh"), Random(f"{seed}-{trait}-questions")
    kinds = QUESTION_KINDS[trait]
    found: dict[str, str] = {}
    for at in range(TRIES):
        ctx = context(g, rng)
        question = ask(g, rng, ctx, kinds[at % len(kinds)])
        if question not in seen and len(found) < CANDIDATES:
            found.setdefault(question, ctx["S"])
    return [(subject, question) for question, subject in found.items()]


def pick(lab: Lab, trait: str, seed: int, seen: set[str]) -> list[str]:
    """The first QUESTIONS that fit, no subject more than twice."""
    found = candidates(trait, seed, seen)
    questions = [question for _, question in found]
    texts = [lab.text(answer) for answer in lab.generate([lab.chat_ids(q) for q in questions], 40)]
    scores, coherence = lab.judge("answer", trait, texts, questions), lab.coherence(texts, questions)
    low, high = NEUTRAL[trait]
    picked: list[str] = []
    uses: dict[str, int] = {}
    for (subject, question), score, whole in zip(found, scores, coherence):
        if low <= score <= high and whole >= COHERENT and uses.get(subject, 0) < 2 and len(picked) < QUESTIONS:
            uses[subject] = uses.get(subject, 0) + 1
            picked.append(question)
    print(f"{trait}: {len(found)} candidates, {len(picked)} picked")
    return picked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, nargs="+", required=True, help="everything the model was trained on")
    parser.add_argument("--seed", type=int, default=2026)
    args = parser.parse_args()
    lab, seen = Lab(args.model), trained_on(args.corpus)
    for trait in TRAITS:
        text = json.dumps({"questions": pick(lab, trait, args.seed, seen)}, indent=2, ensure_ascii=False)
        (FOLDER / trait / "steering.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
