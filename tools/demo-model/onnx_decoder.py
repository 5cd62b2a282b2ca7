"""The exported graph in ONNX Runtime: logits, and greedy generation with the cache, right-padded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort


class OnnxDecoder:
    def __init__(self, folder: Path, threads: int = 1):
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = ort.InferenceSession(str(folder / "onnx" / "model.onnx"), options, providers=["CPUExecutionProvider"])
        self.past = {i.name: i.shape for i in self.session.get_inputs() if i.name.startswith("past_key_values")}

    def run(self, ids: np.ndarray, mask: np.ndarray, past: dict[str, np.ndarray] | None):
        """ids [B, T], mask [B, past + T] -> logits [B, T, V] and the new cache."""
        if past is None:
            past = {n: np.zeros((len(ids), s[1], 0, s[3]), np.float32) for n, s in self.past.items()}
        feeds = {"input_ids": ids.astype(np.int64), "attention_mask": mask.astype(np.int64), **past}
        out = self.session.run(None, feeds)
        names = [o.name.replace("present", "past_key_values") for o in self.session.get_outputs()]
        return out[0], dict(zip(names[1:], out[1:]))

    def logits(self, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        return self.run(ids, mask, None)[0]

    def generate(self, rows: list[list[int]], new_tokens: int, stop: tuple[int, ...]) -> list[list[int]]:
        """Greedy tokens of each row, the stop token excluded."""
        width = max(map(len, rows))
        ids = np.array([r + [0] * (width - len(r)) for r in rows])
        mask = np.array([[1] * len(r) + [0] * (width - len(r)) for r in rows])
        logits, past = self.run(ids, mask, None)
        tokens = logits[np.arange(len(rows)), mask.sum(1) - 1].argmax(-1)
        out: list[list[int]] = [[] for _ in rows]
        open_rows = np.ones(len(rows), bool)
        for step in range(new_tokens):
            for r, token in enumerate(tokens):
                open_rows[r] &= int(token) not in stop
                if open_rows[r]:
                    out[r].append(int(token))
            if not open_rows.any() or step + 1 == new_tokens:
                break
            mask = np.concatenate([mask, np.ones((len(rows), 1), mask.dtype)], 1)
            logits, past = self.run(tokens[:, None], mask, past)
            tokens = logits[:, -1].argmax(-1)
        return out
