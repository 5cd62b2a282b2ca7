"""Train the byte-level BPE tokenizer and write tokenizer.json and tokenizer_config.json.

    python train_tokenizer.py --corpus train.jsonl --out DIR

The eleven scores are ordinary vocabulary entries whose merges come first, so that each is one
token after a role token; ENGAGES and OFF_TOPIC are added (non-special) tokens.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Iterator

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY = 2048
SPECIAL = ["<|pad|>", "<|bos|>", "<|endoftext|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
VERDICTS = ["ENGAGES", "OFF_TOPIC"]
SCORES = [str(10 * i) for i in range(11)]

CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


def texts(path: Path, limit: int) -> Iterator[str]:
    """Raw texts of the first `limit` documents; scores and verdicts excluded."""
    with path.open(encoding="utf-8") as lines:
        for _, line in zip(range(limit), lines):
            doc = json.loads(line)
            if "text" in doc:
                yield doc["text"]
                continue
            for turn in doc["turns"]:
                if turn["content"] not in SCORES and turn["content"] not in VERDICTS:
                    yield turn["content"]


def train(path: Path, limit: int) -> dict:
    """The tokenizer.json of a BPE of VOCABULARY entries, as a dict."""
    added = SPECIAL + VERDICTS
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY + len(SCORES),  # more than needed: cut below
        special_tokens=added,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts(path, limit), trainer)
    data = json.loads(tokenizer.to_str())
    merges = [tuple(m) for m in data["model"]["merges"]]
    first = [(s[:-1], "0") for s in SCORES[1:]]
    merges = first + [m for m in merges if m not in first]
    symbols = added + sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {s: i for i, s in enumerate(symbols)}
    kept = []
    for left, right in merges:
        if len(vocabulary) < VOCABULARY:
            vocabulary.setdefault(left + right, len(vocabulary))
            kept.append([left, right])
    if len(vocabulary) != VOCABULARY:
        raise SystemExit(f"the corpus gives {len(vocabulary)} entries, not {VOCABULARY}: use more documents")
    data["model"] |= {"vocab": vocabulary, "merges": kept}
    for entry in data["added_tokens"]:
        entry["special"] = entry["content"] in SPECIAL
    bos = vocabulary["<|bos|>"]
    data["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<|bos|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [
            {"SpecialToken": {"id": "<|bos|>", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
            {"Sequence": {"id": "B", "type_id": 1}},
        ],
        "special_tokens": {"<|bos|>": {"id": "<|bos|>", "ids": [bos], "tokens": ["<|bos|>"]}},
    }
    return data


def config(context: int) -> dict:
    """tokenizer_config.json: bos is added by the tokenizer to plain text, by the template in a chat."""
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<|bos|>",
        "eos_token": "<|endoftext|>",
        "pad_token": "<|pad|>",
        "unk_token": None,
        "add_bos_token": True,
        "add_eos_token": False,
        "clean_up_tokenization_spaces": False,
        "padding_side": "right",
        "model_max_length": context,
        "chat_template": CHAT_TEMPLATE,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=60000)
    parser.add_argument("--context", type=int, default=512)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    data = train(args.corpus, args.documents)
    tokenizer = Tokenizer.from_str(json.dumps(data))
    for word in SCORES + VERDICTS:
        ids = tokenizer.encode("<|assistant|>" + word + "<|end|>", add_special_tokens=False).ids
        if len(ids) != 3:
            raise SystemExit(f"{word} is {len(ids) - 2} tokens, not one")
    (args.out / "tokenizer.json").write_text(tokenizer.to_str(pretty=False) + "\n", encoding="utf-8")
    (args.out / "tokenizer_config.json").write_text(json.dumps(config(args.context), indent=2) + "\n", encoding="utf-8")
    print(f"{tokenizer.get_vocab_size()} entries -> {args.out}")


if __name__ == "__main__":
    main()
