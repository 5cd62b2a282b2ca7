"""Writes the decoder graphs that the instrumenter's tests run on, and the states that they must give.

    python tools/graph-fixtures/make.py        (torch, numpy, onnx, safetensors)

Four tiny decoders with random weights, hand-written node by node in the manner of the public exporters, each with a
reference from an independent PyTorch forward pass:
  plain     separate Adds and LayerNormalization, attention from MatMul and Softmax, cache, weights inside the file
  fused     SkipSimplifiedLayerNormalization and GroupQueryAttention, float16, weights in an external file
  merged    the same as one If: its branches are the decoder with and without a past
  parallel  Add(Add(mlp, attn), stream), a flattened stream, a scaled embedding, scaled logits, a head tied to it
"""

import json
import math
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file

OUT = Path(__file__).parents[2] / "lib/testing/fixtures/graphs"
LAYERS, HIDDEN, HEADS, INNER, VOCAB = 2, 16, 2, 24, 32
SIZE = HIDDEN // HEADS
BATCH, LENGTH, NEW = 2, 6, 10
STEER_LAYER, COEFFICIENT, FROM_TOKEN = 1, 3.0, 4
EPS = 1e-5


def weights(seed: int) -> dict[str, torch.Tensor]:
    g = torch.Generator().manual_seed(seed)
    rand = lambda *shape, scale=0.3: torch.randn(*shape, generator=g) * scale
    w = {"embed": rand(VOCAB, HIDDEN, scale=0.7), "pos": rand(64, HIDDEN), "norm.w": 1 + rand(HIDDEN, scale=0.1)}
    w |= {"norm.b": rand(HIDDEN, scale=0.1), "head": rand(HIDDEN, VOCAB)}
    for i in range(LAYERS):
        for n in ("q", "k", "v", "o"):
            w[f"{i}.{n}"] = rand(HIDDEN, HIDDEN)
        w[f"{i}.o.b"] = rand(HIDDEN, scale=0.1)
        w[f"{i}.up"], w[f"{i}.down"] = rand(HIDDEN, INNER), rand(INNER, HIDDEN)
        for n in ("n1", "n2"):
            w[f"{i}.{n}.w"], w[f"{i}.{n}.b"] = 1 + rand(HIDDEN, scale=0.1), rand(HIDDEN, scale=0.1)
    return w


class Model:
    """The decoder in plain PyTorch: what the graphs must compute."""

    def __init__(self, kind: str, w: dict[str, torch.Tensor]):
        self.kind, self.w = kind, w

    def norm(self, x, name):
        w, b = self.w[f"{name}.w"], self.w[f"{name}.b"]
        if self.kind == "fused":
            return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + EPS) * w
        return torch.nn.functional.layer_norm(x, (HIDDEN,), w, b, EPS)

    def attention(self, x, i, mask):
        b, t, _ = x.shape
        heads = lambda n: (x @ self.w[f"{i}.{n}"]).view(b, t, HEADS, SIZE).transpose(1, 2)
        scores = heads("q") @ heads("k").transpose(-1, -2) / math.sqrt(SIZE)
        allowed = torch.ones(t, t).tril().bool() & mask[:, None, None, :].bool()
        scores = scores.masked_fill(~allowed, torch.finfo(torch.float32).min)
        mixed = (scores.softmax(-1) @ heads("v")).transpose(1, 2).reshape(b, t, HIDDEN)
        return mixed @ self.w[f"{i}.o"] + (0 if self.kind == "fused" else self.w[f"{i}.o.b"])

    def mlp(self, x, i):
        return torch.relu(x @ self.w[f"{i}.up"]) @ self.w[f"{i}.down"]

    def __call__(self, ids, mask, pos, edit=None):
        """edit: (layer, states [B, T, H]) -> what stands in their place after that block."""
        x = self.w["embed"][ids]
        x = x * 2.0 if self.kind == "parallel" else x
        x = x + self.w["pos"][pos] if self.kind in ("plain", "merged") else x
        states, attns, mlps = [x], [], []
        for i in range(LAYERS):
            attn = self.attention(self.norm(x, f"{i}.n1"), i, mask)
            if self.kind == "parallel":
                mlp = self.mlp(self.norm(x, f"{i}.n2"), i)
            else:
                mlp = self.mlp(self.norm(x + attn, f"{i}.n2"), i)
            x = x + attn + mlp
            x = x if edit is None else edit(i, x)
            states.append(x), attns.append(attn), mlps.append(mlp)
        x = self.norm(x, "norm")
        logits = (x @ self.w["embed"].T) / 4.0 if self.kind == "parallel" else x @ self.w["head"]
        return logits, torch.stack(states), torch.stack(attns), torch.stack(mlps)


def adding(steer: torch.Tensor):
    """steer: [B, T, H] added after block STEER_LAYER."""
    return lambda layer, x: x + steer if layer == STEER_LAYER else x


def operators(vec: torch.Tensor, gate: torch.Tensor) -> dict:
    """What a hook does for each operator beyond addition, written out as its definition."""
    g = torch.Generator().manual_seed(11)
    other = torch.randn(HIDDEN, generator=g)
    v, w = vec / vec.norm(), other / other.norm()
    pair = torch.stack([v, w])

    def ablate(_, x):
        """The part of every state along v is taken out."""
        return x - gate * (x @ v)[..., None] * v

    def clamp(layer, x):
        """The projection on v becomes 2.5 at the last layer."""
        return x + gate * (2.5 - (x @ v))[..., None] * v if layer == STEER_LAYER else x

    def mixed(layer, x):
        """3 w is added, then the projections on v and w, which are not orthogonal, become 1.5 and 0 at once."""
        if layer != STEER_LAYER:
            return x
        moved = x + 3 * w
        wanted = torch.tensor([1.5, 0.0])
        change = (wanted - moved @ pair.T) @ torch.linalg.inv(pair @ pair.T) @ pair
        return x + gate * (moved + change - x)

    return {"other": other, "edits": {"ablate": ablate, "clamp": clamp, "mixed": mixed}}


def reference(model: Model) -> dict[str, torch.Tensor]:
    g = torch.Generator().manual_seed(7)
    ids = torch.randint(1, VOCAB, (BATCH, LENGTH), generator=g)
    vec = torch.randn(HIDDEN, generator=g)
    masks = {name: torch.ones(BATCH, LENGTH, dtype=torch.int64) for name in ("nopad", "left", "right")}
    masks["left"][1, :2] = 0
    masks["right"][1, -2:] = 0
    out = {"ids": ids, "vec": vec}
    gate = torch.zeros(BATCH, LENGTH, 1)
    gate[:, FROM_TOKEN:] = 1
    for name, mask in masks.items():
        pos = (mask.cumsum(1) - 1).clamp(min=0)
        logits, states, attn, mlp = model(ids, mask, pos)
        steered = model(ids, mask, pos, adding(gate * COEFFICIENT * vec))[0]
        out |= {f"{name}.mask": mask, f"{name}.pos": pos, f"{name}.logits": logits, f"{name}.hs": states}
        out |= {f"{name}.out": states[1:], f"{name}.attn": attn, f"{name}.mlp": mlp, f"{name}.steer.logits": steered}
    affine = operators(vec, gate)
    out["other"] = affine["other"]
    pos = masks["nopad"].cumsum(1) - 1
    for name, edit in affine["edits"].items():
        out[f"nopad.{name}.logits"] = model(ids, masks["nopad"], pos, edit)[0]
    for name, strength in (("gen", 0.0), ("gensteer", COEFFICIENT)):
        tokens = ids[:1]
        for _ in range(NEW):
            pos = torch.arange(tokens.shape[1])[None]
            steer = adding(strength * vec.expand(1, tokens.shape[1], -1))
            logits = model(tokens, torch.ones_like(tokens), pos, steer)[0]
            tokens = torch.cat([tokens, logits[:, -1:].argmax(-1)], 1)
        out[name] = tokens
    return {name: tensor.contiguous().clone() for name, tensor in out.items()}


class Graph:
    """Collects nodes and initializers; every method returns the name of its result."""

    def __init__(self, w: dict[str, torch.Tensor], half: bool = False, reads_past: bool = True):
        self.nodes, self.initializers, self.count, self.half, self.reads_past = [], {}, 0, half, reads_past
        self.w = w

    def weight(self, name: str) -> str:
        value = self.w[name].numpy().astype(np.float16 if self.half else np.float32)
        self.initializers[name] = numpy_helper.from_array(value, name)
        return name

    def const(self, value, dtype=np.int64) -> str:
        array = np.array(value, dtype=dtype)
        name = f"const.{array.dtype}.{array.ndim}.{'_'.join(map(str, array.flatten()))}"
        self.initializers[name] = numpy_helper.from_array(array, name)
        return name

    def op(self, kind: str, *inputs: str, out: str | list[str] | None = None, domain: str = "", **attributes) -> str:
        self.count += 1
        outputs = out if isinstance(out, list) else [out or f"v{self.count}"]
        node = helper.make_node(kind, list(inputs), outputs, f"{kind}_{self.count}", domain=domain, **attributes)
        self.nodes.append(node)
        return outputs[0]

    def norm(self, x: str, name: str) -> str:
        return self.op("LayerNormalization", x, self.weight(f"{name}.w"), self.weight(f"{name}.b"), epsilon=EPS)

    def mlp(self, x: str, i: int) -> str:
        up = self.op("Relu", self.op("MatMul", x, self.weight(f"{i}.up")))
        return self.op("MatMul", up, self.weight(f"{i}.down"))

    def attention(self, x: str, i: int, bias: str) -> str:
        """Attention as exported op by op; `bias` is added to the scores."""

        def heads(n: str) -> str:
            split = self.op("Reshape", self.op("MatMul", x, self.weight(f"{i}.{n}")), self.const([0, 0, HEADS, SIZE]))
            return self.op("Transpose", split, perm=[0, 2, 1, 3])

        cached = {}
        for n, part in (("k", "key"), ("v", "value")):
            past, present = f"past_key_values.{i}.{part}", f"present.{i}.{part}"
            new = heads(n)
            cached[n] = self.op("Concat", past, new, out=present, axis=2) if self.reads_past else new
            if not self.reads_past:
                self.op("Identity", new, out=present)
        keys = self.op("Transpose", cached["k"], perm=[0, 1, 3, 2])
        scores = self.op("Mul", self.op("MatMul", heads("q"), keys), self.const(1 / math.sqrt(SIZE), np.float32))
        weights = self.op("Softmax", self.op("Add", scores, bias), axis=-1)
        mixed = self.op("Transpose", self.op("MatMul", weights, cached["v"]), perm=[0, 2, 1, 3])
        mixed = self.op("Reshape", mixed, self.const([0, 0, HIDDEN]))
        return self.op("Add", self.op("MatMul", mixed, self.weight(f"{i}.o")), self.weight(f"{i}.o.b"))

    def mask(self) -> str:
        """[B, 1, T, S]: 0 where a token may look, the lowest float elsewhere; from mask and cache length."""
        total = self.op("Gather", self.op("Shape", "attention_mask"), self.const(1), axis=0)
        fed = self.op("Gather", self.op("Shape", "input_ids"), self.const(1), axis=0)
        start = self.op("Sub", total, fed)
        keys = self.op("Range", self.const(0), total, self.const(1))
        queries = self.op("Unsqueeze", self.op("Range", start, total, self.const(1)), self.const([1]))
        causal = self.op("LessOrEqual", keys, queries)
        real = self.op("Cast", self.op("Unsqueeze", "attention_mask", self.const([1, 2])), to=TensorProto.BOOL)
        allowed = self.op("And", causal, real)
        lowest = self.const(np.finfo(np.float32).min, np.float32)
        return self.op("Where", allowed, self.const(0, np.float32), lowest)

    def outputs(self) -> list[onnx.ValueInfoProto]:
        kind = TensorProto.FLOAT16 if self.half else TensorProto.FLOAT
        value = helper.make_tensor_value_info
        present = ["batch_size", HEADS, "total_sequence_length", SIZE]
        return [value("logits", kind, ["batch_size", "sequence_length", VOCAB])] + [
            value(f"present.{i}.{part}", kind, present) for i in range(LAYERS) for part in ("key", "value")
        ]

    def save(self, folder: Path, producer: str, external: bool):
        kind = TensorProto.FLOAT16 if self.half else TensorProto.FLOAT
        value = helper.make_tensor_value_info
        ids = lambda name, length: value(name, TensorProto.INT64, ["batch_size", length])
        inputs = [ids("input_ids", "sequence_length"), ids("attention_mask", "total_sequence_length")]
        branches = [attribute.g for node in self.nodes for attribute in node.attribute if attribute.HasField("g")]
        nodes = [*self.nodes, *(node for branch in branches for node in branch.node)]
        if any("position_ids" in node.input for node in nodes):
            inputs.append(ids("position_ids", "sequence_length"))
        past = ["batch_size", HEADS, "past_sequence_length", SIZE]
        for i in range(LAYERS):
            inputs += [value(f"past_key_values.{i}.{part}", kind, past) for part in ("key", "value")]
        if branches:
            inputs.append(value("use_cache_branch", TensorProto.BOOL, [1]))
        weights = list(self.initializers.values())
        graph = helper.make_graph(self.nodes, "decoder", inputs, self.outputs(), weights)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name=producer, ir_version=8)
        (folder / "onnx").mkdir(parents=True, exist_ok=True)
        data = folder / "onnx/model.onnx.data"
        data.unlink(missing_ok=True)
        stored = dict(save_as_external_data=True, location=data.name, size_threshold=256) if external else {}
        onnx.save(model, folder / "onnx/model.onnx", **stored)


def plain(w, reads_past: bool = True) -> Graph:
    g = Graph(w, reads_past=reads_past)
    bias = g.mask()
    x = g.op("Add", g.op("Gather", g.weight("embed"), "input_ids"), g.op("Gather", g.weight("pos"), "position_ids"))
    for i in range(LAYERS):
        x = g.op("Add", x, g.attention(g.norm(x, f"{i}.n1"), i, bias))
        x = g.op("Add", x, g.mlp(g.norm(x, f"{i}.n2"), i))
    g.op("MatMul", g.norm(x, "norm"), g.weight("head"), out="logits")
    return g


def merged(w) -> Graph:
    g = Graph(w)
    branches = {}
    for name, reads_past in (("then_branch", True), ("else_branch", False)):
        branch = plain(w, reads_past)
        branches[name] = helper.make_graph(branch.nodes, name, [], branch.outputs())
        g.initializers |= branch.initializers
    names = [output.name for output in g.outputs()]
    g.op("If", "use_cache_branch", out=names, **branches)
    return g


def parallel(w) -> Graph:
    g = Graph(w)
    bias = g.mask()
    x = g.op("Mul", g.op("Gather", g.weight("embed"), "input_ids"), g.const(2, np.float32))
    flat, whole = g.const([-1, HIDDEN]), g.op("Concat", g.op("Shape", "input_ids"), g.const([HIDDEN]), axis=0)
    x = g.op("Reshape", x, flat)
    for i in range(LAYERS):
        attn = g.attention(g.op("Reshape", g.norm(x, f"{i}.n1"), whole), i, bias)
        mlp = g.mlp(g.norm(x, f"{i}.n2"), i)
        x = g.op("Add", g.op("Add", mlp, g.op("Reshape", attn, flat)), x)
    normed = g.op("Reshape", g.norm(x, "norm"), whole)
    tied = g.op("Transpose", g.weight("embed"), perm=[1, 0])
    g.op("Div", g.op("MatMul", normed, tied), g.const(4, np.float32), out="logits")
    return g


def fused(w) -> Graph:
    g = Graph(w, half=True)
    ms = "com.microsoft"
    count = g.op("ReduceSum", "attention_mask", g.const([1]), keepdims=0)
    last = g.op("Cast", g.op("Sub", count, g.const(1)), to=TensorProto.INT32)
    total = g.op("Gather", g.op("Shape", "attention_mask"), g.const(1), axis=0)
    total = g.op("Cast", total, to=TensorProto.INT32)
    x = g.op("Gather", g.weight("embed"), "input_ids")
    normed = g.op("SimplifiedLayerNormalization", x, g.weight("0.n1.w"), axis=-1, epsilon=EPS, stash_type=1)
    for i in range(LAYERS):
        q, k, v = (g.op("MatMul", normed, g.weight(f"{i}.{n}")) for n in "qkv")
        cache = [f"past_key_values.{i}.key", f"past_key_values.{i}.value"]
        outputs = [f"attn.{i}", f"present.{i}.key", f"present.{i}.value"]
        heads = dict(num_heads=HEADS, kv_num_heads=HEADS, do_rotary=0, scale=1 / math.sqrt(SIZE))
        mixed = g.op("GroupQueryAttention", q, k, v, *cache, last, total, out=outputs, domain=ms, **heads)
        for n, component, following in (
            ("mid", g.op("MatMul", mixed, g.weight(f"{i}.o")), f"{i}.n2"),
            ("end", None, f"{i + 1}.n1" if i + 1 < LAYERS else "norm"),
        ):
            component = component or g.mlp(normed, i)
            final = n == "end" and i + 1 == LAYERS
            names = [f"normed.{i}.{n}"] if final else [f"normed.{i}.{n}", "", "", f"sum.{i}.{n}"]
            gamma = g.weight(f"{following}.w")
            normed = g.op("SkipSimplifiedLayerNormalization", x, component, gamma, out=names, domain=ms, epsilon=EPS)
            x = "" if final else names[3]
    g.op("MatMul", normed, g.weight("head"), out="logits")
    return g


def main():
    for seed, (kind, build, producer) in enumerate(
        [
            ("plain", plain, "pytorch"),
            ("fused", fused, "onnxruntime-genai"),
            ("parallel", parallel, "pytorch"),
            ("merged", merged, "pytorch"),
        ]
    ):
        w = weights(seed)
        if kind == "fused":  # what float16 can hold, so that the reference differs by arithmetic only
            w = {name: value.half().float() for name, value in w.items()}
        folder = OUT / kind
        build(w).save(folder, producer, external=kind == "fused")
        config = {"model_type": kind, "num_hidden_layers": LAYERS, "hidden_size": HIDDEN, "vocab_size": VOCAB}
        config |= {"num_attention_heads": HEADS, "eos_token_id": VOCAB}
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
        save_file(reference(Model(kind, w)), folder / "reference.safetensors")
        print(kind, sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()), "bytes")


if __name__ == "__main__":
    main()
