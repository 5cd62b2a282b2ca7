"""The same model in PyTorch transformers, timed on request: the peer of bench/engine.ts.

Started as `python torch_engine.py MODEL_FOLDER THREADS`. Reads one JSON request a line from stdin and answers one JSON
line: {"kind": "generate", "rows": [[token]], "new_tokens": n} -> {"seconds", "tokens": [[token]]};
{"kind": "capture", "rows": [[token]], "response": n, "batch": rows, "head": bool} -> {"seconds", "values": [layers * hidden]},
the mean of the last n tokens' states after every block (all rows are pooled, the first is reported), with or without the
lm_head; the rows are taken `batch` at a time in the order they come.

The weights are read from the ONNX file (onnxruntime-genai's names), so both sides compute the same model.
"""

import json
import sys
import time

import onnx
import torch
from onnx import numpy_helper
from transformers import LlamaConfig, LlamaForCausalLM


def load(folder: str) -> LlamaForCausalLM:
    config = LlamaConfig.from_pretrained(folder)
    graph = onnx.load(f"{folder}/onnx/model.onnx").graph
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    tensor = lambda name: torch.tensor(weights[name])
    layers = config.num_hidden_layers
    state = {
        "model.embed_tokens.weight": tensor("model.embed_tokens.weight"),
        "model.norm.weight": tensor(f"model.layers.{layers}.final_norm_layernorm.weight"),
        "lm_head.weight": tensor("model.embed_tokens.weight"),
    }
    for at in range(layers):
        layer = f"model.layers.{at}"
        for norm in ("input_layernorm", "post_attention_layernorm"):
            state[f"{layer}.{norm}.weight"] = tensor(f"{layer}.{norm}.weight")
        # ONNX keeps [in, out], PyTorch [out, in]; queries, keys and values, of one width, are one matrix there.
        packed = tensor(f"{layer}.attn.qkv_proj.MatMul.weight").T.contiguous()
        for name, part in zip("qkv", packed.chunk(3)):
            state[f"{layer}.self_attn.{name}_proj.weight"] = part
        state[f"{layer}.self_attn.o_proj.weight"] = tensor(f"{layer}.attn.o_proj.MatMul.weight").T.contiguous()
        for name in ("gate_proj", "up_proj", "down_proj"):
            state[f"{layer}.mlp.{name}.weight"] = tensor(f"{layer}.mlp.{name}.MatMul.weight").T.contiguous()
    model = LlamaForCausalLM(config)
    model.load_state_dict(state)
    return model.eval()


def padded(rows: list[list[int]], left: bool) -> tuple[torch.Tensor, torch.Tensor]:
    width = max(map(len, rows))
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for at, row in enumerate(rows):
        span = slice(width - len(row), width) if left else slice(0, len(row))
        ids[at, span] = torch.tensor(row)
        mask[at, span] = 1
    return ids, mask


def generate(model: LlamaForCausalLM, request: dict) -> dict:
    start = time.perf_counter()
    ids, mask = padded(request["rows"], left=True)
    output = model.generate(
        ids,
        attention_mask=mask,
        max_new_tokens=request["new_tokens"],
        do_sample=False,
        eos_token_id=None,
        pad_token_id=0,
    )
    tokens = output[:, ids.shape[1] :].tolist()
    return {"seconds": time.perf_counter() - start, "tokens": tokens}


def first(output: torch.Tensor | tuple) -> torch.Tensor:
    return output[0] if isinstance(output, tuple) else output


def capture(model: LlamaForCausalLM, request: dict) -> dict:
    start = time.perf_counter()
    rows, size = request["rows"], request["batch"]
    pooled = [capture_batch(model, rows[at : at + size], request) for at in range(0, len(rows), size)]
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "values": pooled[0][0].flatten().tolist()}


def capture_batch(model: LlamaForCausalLM, rows: list[list[int]], request: dict) -> torch.Tensor:
    """[batch, layers, hidden]"""
    ids, mask = padded(rows, left=False)
    states = []
    hooks = [
        layer.register_forward_hook(lambda _module, _inputs, output: states.append(first(output)))
        for layer in model.model.layers
    ]
    (model if request["head"] else model.model)(ids, attention_mask=mask, use_cache=False)
    for hook in hooks:
        hook.remove()
    ends = mask.sum(1)
    columns = torch.arange(ids.shape[1])
    pool = (columns < ends[:, None]) & (columns >= ends[:, None] - request["response"])
    pool = pool.float() / pool.sum(1, keepdim=True)
    return torch.stack([torch.einsum("bt,bth->bh", pool, state) for state in states], 1)


def main() -> None:
    folder, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    model = load(folder)
    kinds = {"generate": generate, "capture": capture}
    for line in sys.stdin:
        request = json.loads(line)
        with torch.inference_mode():
            answer = kinds[request["kind"]](model, request)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
