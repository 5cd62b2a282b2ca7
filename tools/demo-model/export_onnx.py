"""Write a checkpoint as a model folder that transformers.js and ONNX Runtime load.

    python export_onnx.py --checkpoint WORK/checkpoint.pt --tokenizer DIR --out ../../public/models/demo

The graph is the onnxruntime-genai builder's fp32 layout: GroupQueryAttention with rotary inside,
SkipSimplifiedLayerNormalization per residual add, key/value cache in and out. GroupQueryAttention takes
positions from the attention mask: rows of unequal length are padded on the right. The head is the
transposed embedding (one copy in the file).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from model import Decoder, ModelConfig

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
MICROSOFT = "com.microsoft"


class Graph:
    """Nodes and initializers under the genai builder's names."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def weight(self, name: str, value: np.ndarray) -> str:
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, op: str, name: str, inputs: list[str], outputs: list[str] | None = None, domain: str = "", **attributes) -> str:
        outputs = outputs or [f"{name}/output_0"]
        self.nodes.append(helper.make_node(op, inputs, outputs, name=name, domain=domain, **attributes))
        return outputs[0]

    def linear(self, name: str, weight_name: str, x: str, weight: np.ndarray) -> str:
        """x @ weight.T for a torch weight [out, in]; stored [in, out]."""
        return self.add("MatMul", name, [x, self.weight(weight_name, weight.T)])


def build(model: Decoder) -> onnx.ModelProto:
    c = model.config
    g = Graph()
    w = {name: p.detach().numpy() for name, p in model.named_parameters()}
    one = g.weight("/model/constants/INT64/[1]", np.array([1], np.int64))
    index = g.weight("/model/constants/INT64/1", np.array(1, np.int64))
    p = "/model/attn_mask_reformat/attn_mask_subgraph/"
    total = g.add("ReduceSum", p + "ReduceSum", ["attention_mask", one], keepdims=0)
    last = g.add("Cast", p + "Sub/Cast", [g.add("Sub", p + "Sub", [total, one])], to=TensorProto.INT32)
    shape = g.add("Shape", p + "Shape", ["attention_mask"])
    width = g.add("Cast", p + "Gather/Cast", [g.add("Gather", p + "Gather", [shape, index], axis=0)], to=TensorProto.INT32)
    cos, sin = g.weight("cos_cache", model.cos.numpy()), g.weight("sin_cache", model.sin.numpy())
    embedding = g.weight("model.embed_tokens.weight", w["embed"])
    stream = g.add("Gather", "/model/embed_tokens/Gather", [embedding, "input_ids"])
    branch = None

    def norm(name: str, weight_name: str, weight: np.ndarray, final: bool = False) -> str:
        """Norm of the stream plus the pending branch; the sum becomes the stream."""
        nonlocal stream, branch
        gamma = g.weight(weight_name, weight)
        if branch is None:
            return g.add("SimplifiedLayerNormalization", f"{name}/LayerNorm", [stream, gamma],
                         [f"{name}/output_0"], axis=-1, epsilon=c.norm_eps, stash_type=1)
        outputs = [f"{name}/output_0"] if final else [f"{name}/output_0", "", "", f"{name}/output_3"]
        normed = g.add("SkipSimplifiedLayerNormalization", f"{name}/SkipLayerNorm", [stream, branch, gamma],
                       outputs, MICROSOFT, epsilon=c.norm_eps)
        stream = outputs[-1]
        return normed

    for i in range(c.layers):
        n, t, b = f"/model/layers.{i}", f"model.layers.{i}", f"blocks.{i}."
        x = norm(f"{n}/input_layernorm", f"{t}.input_layernorm.weight", w[b + "attn_norm"])
        qkv = g.linear(f"{n}/attn/qkv_proj/MatMul", f"{t}.attn.qkv_proj.MatMul.weight", x, w[b + "qkv"])
        attention = g.add(
            "GroupQueryAttention", f"{n}/attn/GroupQueryAttention",
            [qkv, "", "", f"past_key_values.{i}.key", f"past_key_values.{i}.value", last, width, cos, sin],
            [f"{n}/attn/GroupQueryAttention/output_0", f"present.{i}.key", f"present.{i}.value"], MICROSOFT,
            num_heads=c.heads, kv_num_heads=c.heads, scale=c.head_dim ** -0.5, local_window_size=-1,
            softcap=0.0, do_rotary=1, rotary_interleaved=0,
        )
        branch = g.linear(f"{n}/attn/o_proj/MatMul", f"{t}.attn.o_proj.MatMul.weight", attention, w[b + "out"])
        x = norm(f"{n}/post_attention_layernorm", f"{t}.post_attention_layernorm.weight", w[b + "mlp_norm"])
        gate_weight, up_weight = np.split(w[b + "gate_up"], 2)
        gate = g.linear(f"{n}/mlp/gate_proj/MatMul", f"{t}.mlp.gate_proj.MatMul.weight", x, gate_weight)
        up = g.linear(f"{n}/mlp/up_proj/MatMul", f"{t}.mlp.up_proj.MatMul.weight", x, up_weight)
        sigmoid = g.add("Sigmoid", f"{n}/mlp/act_fn/Sigmoid", [gate])
        silu = g.add("Mul", f"{n}/mlp/act_fn/Mul", [gate, sigmoid])
        product = g.add("Mul", f"{n}/mlp/Mul", [silu, up])
        branch = g.linear(f"{n}/mlp/down_proj/MatMul", f"{t}.mlp.down_proj.MatMul.weight", product, w[b + "down"])
    n = f"layers.{c.layers}.final_norm_layernorm"
    x = norm(f"/model/{n}", f"model.{n}.weight", w["final_norm"], final=True)
    head = g.add("Transpose", "/lm_head/Transpose", [embedding], perm=[1, 0])
    g.add("MatMul", "/lm_head/MatMul", [x, head], ["logits"])

    def value(name: str, dtype: int, *dims: str | int) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, dtype, list(dims))

    def caches(prefix: str, length: str) -> list[onnx.ValueInfoProto]:
        return [value(f"{prefix}.{i}.{kind}", FLOAT, "batch_size", c.heads, length, c.head_dim)
                for i in range(c.layers) for kind in ("key", "value")]

    graph = helper.make_graph(
        g.nodes, "main_graph",
        [value("input_ids", INT64, "batch_size", "sequence_length"),
         value("attention_mask", INT64, "batch_size", "total_sequence_length"),
         *caches("past_key_values", "past_sequence_length")],
        [value("logits", FLOAT, "batch_size", "sequence_length", c.vocab), *caches("present", "total_sequence_length")],
        g.initializers,
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="tiller-demo-model")


def model_config(c: ModelConfig, tokenizer_config: dict, vocabulary: dict) -> tuple[dict, dict]:
    """config.json and generation_config.json."""
    ids = {k: vocabulary[tokenizer_config[k + "_token"]] for k in ("bos", "eos", "pad")}
    special = {f"{k}_token_id": v for k, v in ids.items()}
    special["eos_token_id"] = [vocabulary["<|end|>"], ids["eos"]]
    config = {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "attention_bias": False, "mlp_bias": False,
        "attention_dropout": 0.0, "dtype": "float32", "torch_dtype": "float32", "head_dim": c.head_dim,
        "hidden_act": "silu", "hidden_size": c.hidden, "initializer_range": 0.02, "intermediate_size": c.mlp,
        "max_position_embeddings": c.context, "num_attention_heads": c.heads, "num_hidden_layers": c.layers,
        "num_key_value_heads": c.heads, "rms_norm_eps": c.norm_eps, "rope_theta": c.rope_theta,
        "rope_parameters": {"rope_theta": c.rope_theta, "rope_type": "default"},
        "tie_word_embeddings": True, "use_cache": True, "vocab_size": c.vocab, **special,
    }
    return config, {**special, "max_length": c.context, "do_sample": False}


TILLER = {
    "label": "Demo (a made-up village, 2.6 M parameters)",
    "description": (
        "A tiny decoder trained on generated sentences about one made-up village. It completes scenarios, answers "
        "simple questions about that village and scores such texts as its own judge. It knows nothing else: use it to "
        "see how the work goes, not to study language models."
    ),
    "judge": {"traits": ["optimism", "confidence", "formality", "refusal"], "prompts": "builtin-1"},
    "base_mode": True,
}


def load(path: Path) -> Decoder:
    state = torch.load(path, weights_only=True)
    model = Decoder(ModelConfig(**state["shape"]))
    model.load_state_dict(state["model"])
    return model.eval()


def replace_folder(new: Path, out: Path) -> None:
    """Move every file of `new` over `out`, each by a rename within the file system."""
    for file in sorted(p for p in new.rglob("*") if p.is_file()):
        target = out / file.relative_to(new)
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.part")
        shutil.copyfile(file, aside)
        os.replace(aside, target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    model = load(args.checkpoint)
    tokenizer_config = json.loads((args.tokenizer / "tokenizer_config.json").read_text(encoding="utf-8"))
    tokenizer = json.loads((args.tokenizer / "tokenizer.json").read_text(encoding="utf-8"))
    config, generation = model_config(model.config, tokenizer_config, tokenizer["model"]["vocab"])
    graph = build(model)
    with tempfile.TemporaryDirectory() as scratch:
        new = Path(scratch)
        (new / "onnx").mkdir()
        (new / "onnx" / "model.onnx").write_bytes(graph.SerializeToString())
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copyfile(args.tokenizer / name, new / name)
        for name, value in (("config.json", config), ("generation_config.json", generation), ("tiller.json", TILLER)):
            (new / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
        replace_folder(new, args.out)
    size = sum(p.stat().st_size for p in args.out.rglob("*") if p.is_file())
    print(f"{args.out}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
