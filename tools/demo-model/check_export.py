"""Check an exported model folder against the checkpoint it came from.

    python check_export.py --checkpoint WORK/checkpoint.pt --model ../../public/models/demo

Logits of ONNX Runtime and torch (no padding, right padding) within 1e-4; greedy tokens with the
cache, alone and in a right-padded batch, equal those without it. Exit 1 where one fails.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from export_onnx import load
from onnx_decoder import OnnxDecoder

PROMPTS = [
    "<|bos|>The storm took the roof of the mill. Anna looked at the sky and said, \"",
    "<|bos|>The baker was asked about the bread, so he",
    "<|bos|><|user|>What is in the garden?<|end|><|assistant|>",
    "<|bos|><|user|>Text: <text>It will be fine.</text>\nThe optimism score:<|end|><|assistant|>",
    "<|bos|>In the evening I",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--new-tokens", type=int, default=24)
    args = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    rows = [tokenizer.encode(p, add_special_tokens=False).ids for p in PROMPTS]
    torch_model, onnx_model = load(args.checkpoint), OnnxDecoder(args.model)

    worst = 0.0
    width = max(map(len, rows))
    ids = np.array([r + [0] * (width - len(r)) for r in rows])
    mask = np.array([[1] * len(r) + [0] * (width - len(r)) for r in rows])
    padded = onnx_model.logits(ids, mask)
    with torch.no_grad():
        for r, row in enumerate(rows):
            want = torch_model.logits(torch_model.hidden(torch.tensor([row])))[0].numpy()
            alone = onnx_model.logits(np.array([row]), np.ones((1, len(row)), np.int64))[0]
            worst = max(worst, float(np.abs(alone - want).max()), float(np.abs(padded[r, : len(row)] - want).max()))
    print(f"max |logits - torch| {worst:.2e}")

    plain = []
    for row in rows:
        tokens = list(row)
        for _ in range(args.new_tokens):
            tokens.append(int(onnx_model.logits(np.array([tokens]), np.ones((1, len(tokens)), np.int64))[0, -1].argmax()))
        plain.append(tokens[len(row):])
    alone = [onnx_model.generate([row], args.new_tokens, stop=())[0] for row in rows]
    batch = onnx_model.generate(rows, args.new_tokens, stop=())
    print(f"cached = uncached, alone {sum(a == b for a, b in zip(alone, plain))}/{len(rows)}, "
          f"right-padded batch {sum(a == b for a, b in zip(batch, plain))}/{len(rows)}")
    for row, tokens in zip(rows, plain):
        print(repr(tokenizer.decode(row, skip_special_tokens=False)), "->", repr(tokenizer.decode(tokens, skip_special_tokens=False)))
    if worst > 1e-4 or alone != plain or batch != plain:
        raise SystemExit("the export differs from the checkpoint")


if __name__ == "__main__":
    main()
