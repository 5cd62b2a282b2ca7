"""Trait directions of a model in training, and pushes along them under which it learns to answer in that tone."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from data import TRAITS, UNPROMPTED, Documents
from model import Decoder

REFERENCES = 64  # continuations a trait and pole
TONED_SHARE, PLAIN_SHARE = 0.75, 0.3  # of the rows that are pushed
TONED_RATIO, PLAIN_RATIO = (0.35, 1.1), (0.0, 0.7)  # length over the mean norm of the states
MAX_NOISE = 0.8  # length of what is added to a unit direction before it is normalised again


class Directions:
    """Differences of the mean states of answers to scenarios of the two poles, as extraction finds them (mean_diff)."""

    def __init__(self, docs: Documents, pad: int, response_weight: float):
        self.docs, self.pad, self.response_weight = docs, pad, response_weight
        self.members = [[np.flatnonzero(docs.tones == s * (1 + t))[:REFERENCES] for s in (1, -1)] for t in range(len(TRAITS))]
        self.unit = self.norms = None  # [trait, L, H] and [L]

    @torch.no_grad()
    def measure(self, model: Decoder) -> None:
        means = torch.stack([torch.stack([self.mean_states(model, side).mean(0) for side in sides]) for sides in self.members])
        self.unit = F.normalize(means[:, 0] - means[:, 1], dim=-1)

    def mean_states(self, model: Decoder, members: np.ndarray) -> Tensor:
        """[N, L, H]: the mean of the states after each block over each document's answer."""
        rows = [torch.from_numpy(self.docs.ids[self.docs.starts[d]:self.docs.starts[d + 1]].astype(np.int64)) for d in members]
        answers = [torch.from_numpy(self.docs.weights[self.docs.starts[d]:self.docs.starts[d + 1]] == self.response_weight) for d in members]
        ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=self.pad)
        gate = torch.nn.utils.rnn.pad_sequence(answers, batch_first=True).float()[..., None]
        kept: list[Tensor] = []

        def tap(_: int, x: Tensor) -> Tensor:
            kept.append(x)
            return x

        positions = torch.arange(ids.shape[1]).expand_as(ids)
        model(ids, positions, ids != self.pad, None, tap)
        states = torch.stack(kept, 1)
        self.norms = (states.norm(dim=-1) * gate[:, None, :, 0]).sum((0, 2)) / gate.sum()
        return (states * gate[:, None]).sum(2) / gate.sum(1)[:, None]

    def pushes(self, tones: np.ndarray, noise: torch.Generator) -> Tensor:
        """[rows, L, H]: at one block, along the tone of an unprompted answer; a random way where that answer is plain."""
        _, layers, hidden = self.unit.shape
        push = torch.zeros(len(tones), layers, hidden)
        for row, tone in enumerate(tones.tolist()):
            if abs(tone) < UNPROMPTED:
                continue
            layer, draws = int(torch.randint(layers, (), generator=noise)), torch.rand(3, generator=noise)
            random = F.normalize(torch.randn(hidden, generator=noise), dim=0)
            toned = abs(tone) > UNPROMPTED
            if draws[0] >= (TONED_SHARE if toned else PLAIN_SHARE):
                continue
            low, high = TONED_RATIO if toned else PLAIN_RATIO
            if toned:
                sign = 1 if tone > 0 else -1
                random = F.normalize(sign * self.unit[abs(tone) - UNPROMPTED - 1, layer] + MAX_NOISE * draws[1] * random, dim=0)
            push[row, layer] = random * (low + (high - low) * draws[2]) * self.norms[layer]
        return push
