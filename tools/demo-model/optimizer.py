"""Muon for the matrices, Adam for the embedding and the norms.

Muon (Jordan et al. 2024): momentum, then an approximate orthogonalisation of the update by
Newton-Schulz iteration. Fused matrices are split, so that each projection is orthogonalised alone.
The processes share that work: each does every `world`-th matrix and the updates are summed.
"""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor, nn

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonalise(x: Tensor, steps: int) -> Tensor:
    """x [n, rows, cols] -> nearly semi-orthogonal matrices (singular values about 0.7 to 1.2)."""
    a, b, c = COEFFICIENTS
    tall = x.shape[-2] > x.shape[-1]
    y = x.mT if tall else x
    y = y / (y.norm(dim=(-2, -1), keepdim=True) + 1e-12)
    for _ in range(steps):
        gram = y @ y.mT
        y = a * y + (b * gram + c * gram @ gram) @ y
    return y.mT if tall else y


class Muon:
    def __init__(self, matrices: list[nn.Parameter], others: list[nn.Parameter], hidden: int, rank: int, world: int,
                 momentum: float = 0.95, weight_decay: float = 0.02, steps: int = 4):
        self.matrices, self.hidden, self.rank, self.world = matrices, hidden, rank, world
        self.momentum, self.weight_decay, self.steps = momentum, weight_decay, steps
        self.buffers = [torch.zeros_like(p) for p in matrices]
        self.adam = torch.optim.AdamW(others, lr=1.0, betas=(0.9, 0.98), weight_decay=0.0, fused=True)

    def state_dict(self) -> dict:
        return {"buffers": self.buffers, "adam": self.adam.state_dict()}

    def load_state_dict(self, state: dict) -> None:
        for own, saved in zip(self.buffers, state["buffers"]):
            own.copy_(saved)
        self.adam.load_state_dict(state["adam"])

    @torch.no_grad()
    def step(self, lr: float, adam_lr: float) -> None:
        for group in self.adam.param_groups:
            group["lr"] = adam_lr
        self.adam.step()
        views: list[Tensor] = []
        parts: list[Tensor] = []
        for p, buffer in zip(self.matrices, self.buffers):
            buffer.lerp_(p.grad, 1 - self.momentum)
            views += self.split(p)
            parts += self.split(p.grad.lerp(buffer, self.momentum))
        flat = torch.zeros(sum(v.numel() for v in views))
        updates = [u.view(v.shape) for u, v in zip(flat.split([v.numel() for v in views]), views)]
        for shape in dict.fromkeys(v.shape for v in views):
            mine = [i for i, v in enumerate(views) if v.shape == shape][self.rank::self.world]
            if mine:
                for i, update in zip(mine, orthogonalise(torch.stack([parts[i] for i in mine]), self.steps)):
                    updates[i].copy_(update)
        if self.world > 1:
            dist.all_reduce(flat)
        for view, update in zip(views, updates):
            scale = max(1.0, view.shape[0] / view.shape[1]) ** 0.5
            view.mul_(1 - lr * self.weight_decay).add_(update, alpha=-lr * scale)

    def split(self, p: Tensor) -> list[Tensor]:
        """qkv into three, gate_up into two, the others whole."""
        rows, cols = p.shape
        if cols != self.hidden or rows == cols:
            return [p]
        return list(p.chunk(3 if rows == 3 * self.hidden else 2))
