"""The shipped model as evaluation uses it: generate, read hidden states, steer, judge. Torch, batched."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import Tensor

from model import Decoder, ModelConfig

PROMPTS = Path(__file__).resolve().parents[2] / "lib" / "judge" / "prompts" / "builtin-1"
BATCH = 128
MIN_SCORE_MASS = 0.25


def from_folder(folder: Path) -> Decoder:
    """The decoder with the weights of an exported model folder."""
    c = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    model = Decoder(ModelConfig(
        vocab=c["vocab_size"], hidden=c["hidden_size"], layers=c["num_hidden_layers"], heads=c["num_attention_heads"],
        mlp=c["intermediate_size"], context=c["max_position_embeddings"], rope_theta=c["rope_theta"], norm_eps=c["rms_norm_eps"],
    ))
    graph = onnx.load(str(folder / "onnx" / "model.onnx")).graph
    w = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
    state = {"embed": w["model.embed_tokens.weight"], "final_norm": w[f"model.layers.{model.config.layers}.final_norm_layernorm.weight"]}
    for i in range(model.config.layers):
        p, b = f"model.layers.{i}.", f"blocks.{i}."
        state |= {
            b + "attn_norm": w[p + "input_layernorm.weight"],
            b + "qkv": w[p + "attn.qkv_proj.MatMul.weight"].T,
            b + "out": w[p + "attn.o_proj.MatMul.weight"].T,
            b + "mlp_norm": w[p + "post_attention_layernorm.weight"],
            b + "gate_up": torch.cat([w[p + "mlp.gate_proj.MatMul.weight"], w[p + "mlp.up_proj.MatMul.weight"]], 1).T,
            b + "down": w[p + "mlp.down_proj.MatMul.weight"].T,
        }
    model.load_state_dict(state)
    return model.eval()


class Lab:
    def __init__(self, folder: Path):
        self.model = from_folder(folder)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.stop = {self.tokenizer.token_to_id(t) for t in ("<|end|>", "<|endoftext|>")}
        self.values = torch.arange(0, 101, 10, dtype=torch.float32)
        self.score_ids = [self.tokenizer.token_to_id(str(v)) for v in range(0, 101, 10)]
        self.verdict_ids = [self.tokenizer.token_to_id(t) for t in ("ENGAGES", "OFF_TOPIC")]
        self.prompts = {p.stem: p.read_text(encoding="utf-8") for p in PROMPTS.glob("*.txt")}

    def base_ids(self, text: str) -> list[int]:
        return self.tokenizer.encode("<|bos|>" + text, add_special_tokens=False).ids

    def chat_ids(self, user: str) -> list[int]:
        return self.base_ids(f"<|user|>{user}<|end|><|assistant|>")

    @torch.no_grad()
    def generate(self, prompts: list[list[int]], new_tokens: int, steer: Tensor | None = None) -> list[list[int]]:
        """Greedy tokens of each prompt, up to the stop token (excluded).

        steer [N, L, H] is added after block l at the last prompt token and every generated token.
        """
        out: list[list[int]] = []
        for at in range(0, len(prompts), BATCH):
            out += self._generate(prompts[at:at + BATCH], new_tokens, None if steer is None else steer[at:at + BATCH])
        return out

    def _generate(self, prompts: list[list[int]], new_tokens: int, steer: Tensor | None) -> list[list[int]]:
        width = max(map(len, prompts))
        ids = torch.tensor([[0] * (width - len(p)) + p for p in prompts])
        mask = torch.tensor([[False] * (width - len(p)) + [True] * len(p) for p in prompts])
        positions = (mask.cumsum(1) - 1).clamp(min=0)

        def edit(layer: int, x: Tensor) -> Tensor:
            return torch.cat([x[:, :-1], x[:, -1:] + steer[:, layer, None]], 1)

        out: list[list[int]] = [[] for _ in prompts]
        running = [True] * len(prompts)
        caches = None
        for _ in range(new_tokens):
            hidden, caches = self.model(ids, positions, mask, caches, edit if steer is not None else None)
            tokens = self.model.logits(hidden[:, -1]).argmax(-1)
            for r, token in enumerate(tokens.tolist()):
                running[r] &= token not in self.stop
                if running[r]:
                    out[r].append(token)
            if not any(running):
                break
            ids, positions = tokens[:, None], positions[:, -1:] + 1
            mask = torch.cat([mask, torch.ones(len(prompts), 1, dtype=torch.bool)], 1)
        return out

    def text(self, tokens: list[int]) -> str:
        return self.tokenizer.decode(tokens, skip_special_tokens=True).strip()

    @torch.no_grad()
    def states(self, prompts: list[list[int]], responses: list[list[int]]) -> np.ndarray:
        """Mean over the response tokens of the stream after each block: [N, L, H]."""
        out = []
        for prompt, response in zip(prompts, responses):
            kept: list[Tensor] = []

            def tap(_: int, x: Tensor) -> Tensor:
                kept.append(x[0, len(prompt):].mean(0))
                return x

            ids = torch.tensor([prompt + response])
            self.model(ids, torch.arange(ids.shape[1])[None], torch.ones_like(ids, dtype=torch.bool), None, tap)
            out.append(torch.stack(kept))
        return torch.stack(out).numpy()

    @torch.no_grad()
    def next_logits(self, prompts: list[list[int]]) -> Tensor:
        """Logits [N, V] after each prompt."""
        out = torch.empty(len(prompts), self.model.config.vocab)
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        for at in range(0, len(order), BATCH):
            chosen = order[at:at + BATCH]
            rows = [prompts[i] for i in chosen]
            ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(r) for r in rows], batch_first=True)
            hidden = self.model.hidden(ids)[torch.arange(len(rows)), torch.tensor([len(r) - 1 for r in rows])]
            out[torch.tensor(chosen)] = self.model.logits(hidden)
        return out

    def scores(self, users: list[str]) -> np.ndarray:
        """Expected score of each judge prompt; nan where less than a quarter of the mass is on scores."""
        p = self.next_logits([self.chat_ids(u) for u in users]).softmax(-1)[:, self.score_ids]
        mass = p.sum(-1)
        value = (p * self.values).sum(-1) / mass
        value[mass < MIN_SCORE_MASS] = float("nan")
        return value.numpy()

    def judge(self, form: str, trait: str, texts: list[str], questions: list[str] | None = None) -> np.ndarray:
        """form: response | scenario | answer, as in lib/judge/prompts."""
        template = self.prompts[form]
        return self.scores([template.replace("{trait}", trait).replace("{question}", q).replace("{text}", t)
                            for t, q in zip(texts, questions or [""] * len(texts))])

    def coherence(self, texts: list[str], questions: list[str]) -> np.ndarray:
        """Coherence scores; an answer judged off-topic is capped at 50."""
        grammar = self.judge("coherence", "", texts)
        users = [self.prompts["relevance"].replace("{question}", q).replace("{text}", t) for t, q in zip(texts, questions)]
        logits = self.next_logits([self.chat_ids(u) for u in users])[:, self.verdict_ids]
        off_topic = (logits[:, 1] > logits[:, 0]).numpy()
        return np.where(off_topic, np.minimum(grammar, 50), grammar)
