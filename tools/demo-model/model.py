"""The demo decoder: Llama architecture (RMSNorm, RoPE, SwiGLU, tied embeddings) in plain torch.

Query/key/value and gate/up are stored fused (one matrix each: fewer, larger products on a CPU);
`to_hugging_face` gives the usual `LlamaForCausalLM` names.
Layer N is the residual stream after block N, before the final norm.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class ModelConfig:
    vocab: int = 2048
    hidden: int = 192
    layers: int = 5
    heads: int = 6
    mlp: int = 512
    context: int = 512
    rope_theta: float = 10000.0
    norm_eps: float = 1e-5

    @property
    def head_dim(self) -> int:
        return self.hidden // self.heads

    def as_dict(self) -> dict:
        return asdict(self)


def rope_tables(config: ModelConfig) -> tuple[Tensor, Tensor]:
    """cos and sin, each [context, head_dim / 2]."""
    half = config.head_dim // 2
    inverse = config.rope_theta ** (-torch.arange(half, dtype=torch.float64) / half)
    angles = torch.arange(config.context, dtype=torch.float64)[:, None] * inverse
    return angles.cos().float(), angles.sin().float()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Half-split rotation of x [..., head_dim]; cos and sin broadcast over [..., head_dim / 2]."""
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)


class Block(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        h = config.hidden
        self.heads, self.eps = config.heads, config.norm_eps
        self.attn_norm = nn.Parameter(torch.ones(h))
        self.qkv = nn.Parameter(torch.randn(3 * h, h) * 0.02)
        self.out = nn.Parameter(torch.randn(h, h) * 0.02 / (2 * config.layers) ** 0.5)
        self.mlp_norm = nn.Parameter(torch.ones(h))
        self.gate_up = nn.Parameter(torch.randn(2 * config.mlp, h) * 0.02)
        self.down = nn.Parameter(torch.randn(h, config.mlp) * 0.02 / (2 * config.layers) ** 0.5)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None,
                cache: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """x [B, T, H]; mask [B, 1, T, S] of bool, or None for plain causal attention."""
        b, t, h = x.shape
        qkv = F.linear(F.rms_norm(x, (h,), self.attn_norm, self.eps), self.qkv)
        qkv = qkv.view(b, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q, k = rotate(qkv[:2], cos, sin)
        v = qkv[2]
        if cache is not None:
            k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None)
        x = x + F.linear(a.transpose(1, 2).reshape(b, t, h), self.out)
        gate, up = F.linear(F.rms_norm(x, (h,), self.mlp_norm, self.eps), self.gate_up).chunk(2, -1)
        return x + F.linear(F.silu(gate) * up, self.down), (k, v)


class Decoder(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.config = config
        self.embed = nn.Parameter(torch.randn(config.vocab, config.hidden) * 0.02)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.final_norm = nn.Parameter(torch.ones(config.hidden))
        cos, sin = rope_tables(config)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def hidden(self, ids: Tensor, push: Tensor | None = None, gate: Tensor | None = None) -> Tensor:
        """Normed final states [B, T, H] of right-padded ids [B, T]; the training path.

        push [B, L, H] is added after each block where gate [B, T, 1] is 1.
        """
        x = F.embedding(ids, self.embed)
        cos, sin = self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]
        for i, block in enumerate(self.blocks):
            x, _ = block(x, cos, sin, None, None)
            if push is not None:
                x = x + gate * push[:, i, None]
        return F.rms_norm(x, (x.shape[-1],), self.final_norm, self.config.norm_eps)

    def logits(self, normed: Tensor) -> Tensor:
        return F.linear(normed, self.embed)

    def forward(self, ids: Tensor, positions: Tensor, mask: Tensor, caches: list | None = None,
                edit: Callable[[int, Tensor], Tensor] | None = None):
        """ids and positions [B, T], mask [B, S] of bool over all S = past + T tokens.

        `edit(layer, x)` may replace the stream after a block (steering, taps).
        Returns the normed final states [B, T, H] and the key/value caches.
        """
        t, s = ids.shape[1], mask.shape[1]
        causal = torch.ones(t, s, dtype=torch.bool).tril(s - t)
        full = causal & mask[:, None, None, :]
        full = full | torch.eye(s, dtype=torch.bool)[s - t:]  # padded queries must see something
        cos, sin = self.cos[positions][:, None], self.sin[positions][:, None]
        x = F.embedding(ids, self.embed)
        new = []
        for i, block in enumerate(self.blocks):
            x, kv = block(x, cos, sin, full, None if caches is None else caches[i])
            new.append(kv)
            if edit is not None:
                x = edit(i, x)
        return F.rms_norm(x, (x.shape[-1],), self.final_norm, self.config.norm_eps), new


def to_hugging_face(model: Decoder) -> dict[str, Tensor]:
    """State dict under `LlamaForCausalLM` names (the head is tied to the embedding)."""
    out = {"model.embed_tokens.weight": model.embed, "model.norm.weight": model.final_norm}
    for i, b in enumerate(model.blocks):
        p = f"model.layers.{i}."
        q, k, v = b.qkv.chunk(3)
        gate, up = b.gate_up.chunk(2)
        out |= {
            p + "input_layernorm.weight": b.attn_norm,
            p + "self_attn.q_proj.weight": q,
            p + "self_attn.k_proj.weight": k,
            p + "self_attn.v_proj.weight": v,
            p + "self_attn.o_proj.weight": b.out,
            p + "post_attention_layernorm.weight": b.mlp_norm,
            p + "mlp.gate_proj.weight": gate,
            p + "mlp.up_proj.weight": up,
            p + "mlp.down_proj.weight": b.down,
        }
    return {name: tensor.detach().clone().contiguous() for name, tensor in out.items()}
