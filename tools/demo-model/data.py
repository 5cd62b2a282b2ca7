"""Corpus lines -> token ids with loss weights -> length-bucketed batches.

Each document fills a row from position 0, as at inference, padded on the right (causal attention
needs no mask then); a small share is packed several to a row, so that later positions are seen too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from tokenizers import Tokenizer

BUCKETS = (*range(20, 100, 4), 112, 128, 384)
SCORE_WEIGHT = 20.0
JUDGE_PROMPT_WEIGHT = 0.3


@dataclass(frozen=True)
class Documents:
    """Flat ids and weights; document i is [starts[i], starts[i + 1])."""

    ids: np.ndarray  # int16
    weights: np.ndarray  # float16, the weight of predicting this token
    starts: np.ndarray  # int64
    tones: np.ndarray  # int8 per document, see `tone_of`

    def __len__(self) -> int:
        return len(self.starts) - 1


def chat_text(turns: list[dict]) -> str:
    """The chat template, as in tokenizer_config.json."""
    return "<|bos|>" + "".join(f"<|{t['role']}|>{t['content']}<|end|>" for t in turns)


def response_start(doc: dict) -> int:
    """The character of `render(doc)` from which a story or chat answers what came before; its length if nowhere."""
    if "turns" in doc:
        return len(chat_text(doc["turns"][:-1]) + "<|assistant|>")
    scenario = doc["meta"].get("scenario")
    return len(render(doc)) if scenario is None else len("<|bos|>" + scenario)


def render(doc: dict) -> str:
    return "<|bos|>" + doc["text"] + "<|endoftext|>" if "text" in doc else chat_text(doc["turns"])


TRAITS = ("optimism", "confidence", "formality", "refusal")
PLAIN, UNPROMPTED = 0, 10


def tone_of(doc: dict) -> int:
    """0, or s * (1 + trait) for pole s = +-1 of a scenario's continuation; UNPROMPTED added to s's magnitude where a
    chat answers in that tone though nothing asked for it, and alone where such an answer is plain."""
    meta = doc.get("meta", {})
    unprompted = UNPROMPTED if meta.get("form") == "default" else 0
    if meta.get("trait") in TRAITS and meta.get("level") in ("P", "N") and (unprompted or doc["kind"] == "story"):
        return (1 if meta["level"] == "P" else -1) * (unprompted + 1 + TRAITS.index(meta["trait"]))
    return unprompted


def encode(path: Path, tokenizer: Tokenizer, response_weight: float, keep: dict[str, float], seed: int) -> Documents:
    """Token ids of a corpus file; of the kinds named in `keep` that share of the documents.

    The score token of a judge document weighs SCORE_WEIGHT; what follows a scenario, and the assistant's
    turn of a chat, weigh `response_weight`; other tokens 1, those of a judge prompt less.
    """
    assistant = tokenizer.token_to_id("<|assistant|>")
    ids, weights, lengths, tones = [], [], [], []
    chance = Random(seed)
    with path.open(encoding="utf-8") as lines:
        while batch := [json.loads(line) for _, line in zip(range(4096), lines)]:
            batch = [doc for doc in batch if chance.random() < keep.get(doc["kind"], 1)]
            encodings = tokenizer.encode_batch([render(d) for d in batch], add_special_tokens=False)
            for doc, encoding in zip(batch, encodings):
                row = np.array(encoding.ids, dtype=np.int16)
                weight = np.ones(len(row), dtype=np.float16)
                if doc["kind"] == "judge":
                    weight[:] = JUDGE_PROMPT_WEIGHT
                    weight[np.flatnonzero(row == assistant) + 1] = SCORE_WEIGHT
                else:
                    starts = np.array([start for start, _ in encoding.offsets])
                    weight[starts >= response_start(doc)] = response_weight
                weight[0] = 0
                ids.append(row)
                weights.append(weight)
                lengths.append(len(row))
                tones.append(tone_of(doc))
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Documents(np.concatenate(ids), np.concatenate(weights), starts, np.array(tones, dtype=np.int8))


def rows(docs: Documents, rng: np.random.Generator, packed_share: float) -> list[list[np.ndarray]]:
    """Per bucket, the rows of one epoch: arrays of document numbers (one, or several if packed)."""
    longest = BUCKETS[-1] + 1  # a row of T inputs and T targets holds T + 1 tokens
    lengths = np.diff(docs.starts)
    order = rng.permutation(np.flatnonzero(lengths <= longest))
    n_packed = int(len(order) * packed_share)
    out: list[list[np.ndarray]] = [[] for _ in BUCKETS]
    pack, filled = [], 0
    for d in order[:n_packed]:
        if filled + lengths[d] > longest:
            out[-1].append(np.array(pack))
            pack, filled = [], 0
        pack.append(d)
        filled += lengths[d]
    single = order[n_packed:]
    where = np.searchsorted(np.array(BUCKETS) + 1, lengths[single])
    for b in range(len(BUCKETS)):
        out[b] += [single[i:i + 1] for i in np.flatnonzero(where == b)]
    return out


def batches(docs: Documents, seed: int, epoch: int, tokens: int, packed_share: float):
    """The epoch's batches, in order: (bucket length T, list of tokens // T rows). Remainders are dropped."""
    rng = np.random.default_rng([seed, epoch])
    out = []
    for length, bucket in zip(BUCKETS, rows(docs, rng, packed_share)):
        size = tokens // length
        perm = rng.permutation(len(bucket))
        out += [(length, [bucket[i] for i in perm[k:k + size]]) for k in range(0, len(bucket) - size + 1, size)]
    return [out[i] for i in rng.permutation(len(out))]


def fill(docs: Documents, length: int, members: list[np.ndarray], pad: int):
    """ids, targets int64 and weights float32, each [rows, length]; the weight of padding is 0."""
    ids = np.full((len(members), length + 1), pad, dtype=np.int64)
    weights = np.zeros((len(members), length + 1), dtype=np.float32)
    for r, numbers in enumerate(members):
        at = 0
        for d in numbers:
            a, b = docs.starts[d], docs.starts[d + 1]
            ids[r, at:at + b - a] = docs.ids[a:b]
            weights[r, at:at + b - a] = docs.weights[a:b]
            at += b - a
    return ids[:, :-1], ids[:, 1:], weights[:, 1:]
