"""Writes a corpus file: python -m corpus --seed 1 --tokens 15000000 --split train --out FILE.jsonl"""

import argparse
import json
import multiprocessing
import sys
from pathlib import Path
from random import Random

from .documents import chat, story
from .grammar import Grammar
from .judging import Templates, judge

CHARS_PER_TOKEN = 4
SHARES = {"story": 0.38, "chat": 0.25, "judge": 0.37}
CHUNK_CHARS = 400_000
TRAIT_FOLDER = Path(__file__).resolve().parents[3] / "datasets" / "traits" / "demo"


def bundled_lines(folder: Path = TRAIT_FOLDER) -> frozenset[str]:
    """Every scenario line and steering question of the bundled traits; none may occur in train texts."""
    lines: set[str] = set()
    for path in folder.glob("*/*tive.txt"):
        lines.update(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    for path in folder.glob("*/steering.json"):
        lines.update(json.loads(path.read_text(encoding="utf-8"))["questions"])
    return frozenset(lines)


def _length(document: dict) -> int:
    return len(document.get("text", "")) + sum(len(turn["content"]) for turn in document.get("turns", ()))


def chunk(job: tuple[int, int, str, int]) -> str:
    """JSON lines of one chunk; `job` is (seed, index, split, characters)."""
    seed, index, split, size = job
    rng = Random(f"{split}-{seed}-{index}")
    grammar, templates, excluded = Grammar(split), Templates(), bundled_lines()
    made = {kind: 0 for kind in SHARES}
    makers = {"story": lambda: story(grammar, rng), "chat": lambda: chat(grammar, rng), "judge": lambda: judge(grammar, rng, templates)}
    lines: list[str] = []
    while sum(made.values()) < size:
        kind = min(SHARES, key=lambda name: made[name] / SHARES[name])
        document = makers[kind]()
        meta = document["meta"]
        if meta.get("scenario") in excluded or meta.pop("question", None) in excluded:
            continue
        meta["split"] = split
        if split == "heldout":
            words = json.dumps(document)
            meta["held_topic"] = any(subject in words for subject in grammar.held_subjects)
        made[kind] += _length(document)
        lines.append(json.dumps(document, ensure_ascii=False))
    rng.shuffle(lines)
    return "\n".join(lines) + "\n"


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="corpus", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tokens", type=int, default=1_000_000, help="approximate size, 4 characters a token")
    parser.add_argument("--split", choices=("train", "fresh", "heldout"), default="train")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args(argv)
    total = args.tokens * CHARS_PER_TOKEN
    count = max(1, round(total / CHUNK_CHARS))
    jobs = [(args.seed, index, args.split, total // count) for index in range(count)]
    with args.out.open("w", encoding="utf-8") as out, multiprocessing.Pool(args.workers) as pool:
        for text in pool.imap(chunk, jobs):
            out.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
