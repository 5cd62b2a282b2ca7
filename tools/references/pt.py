"""The .pt fixture that lib/formats must read, and the check that torch reads what lib/formats writes.

    pip install torch numpy
    python tools/references/pt.py write lib/formats/fixtures/torch.json   # records files of torch.save, base64
    python tools/references/pt.py check FOLDER                            # FOLDER from tools/references/write-pt.ts
"""

import base64
import io
import json
import sys
from collections import OrderedDict
from pathlib import Path

import torch


def saved(value):
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return base64.b64encode(buffer.getvalue()).decode()


def plain(value):
    if isinstance(value, torch.Tensor):
        return {"dtype": str(value.dtype), "shape": list(value.shape), "values": value.double().flatten().tolist()}
    return {str(key): plain(member) for key, member in value.items()}


def write(path):
    base = torch.arange(12, dtype=torch.float32).reshape(3, 4)
    shared = {"row": base[1], "column": base[:, 2], "transposed": base.T, "whole": base}
    dtypes = {
        str(dtype).removeprefix("torch."): torch.tensor([0, 1, 2, 3]).to(dtype)
        for dtype in [
            torch.float64, torch.float32, torch.float16, torch.bfloat16,
            torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool,
        ]
    }
    layers = OrderedDict((layer, torch.full((2,), layer / 2)) for layer in range(3))
    module = torch.nn.Linear(2, 1)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([[0.5, -2.0]]))
        module.bias.fill_(3)
    cases = {
        "bare": torch.tensor([1.5, -2.25, 0.0]),
        "scalar": torch.tensor(7.0),
        "views of one storage": shared,
        "dtypes": dtypes,
        "layers": layers,
        "state dict": module.state_dict(),
        "empty": torch.zeros(0, 3),
    }
    nested = {"vectors": {"a": [torch.ones(1), torch.zeros(2)]}, "note": "text", "rate": 0.5, "none": None, "big": 2**40}
    record = [{"name": name, "file": saved(value), "expected": plain(value)} for name, value in cases.items()]
    record.append({
        "name": "nested, with values that are no tensors",
        "file": saved(nested),
        "expected": {"vectors.a.0": plain(torch.ones(1)), "vectors.a.1": plain(torch.zeros(2))},
    })
    refused = {
        "a numpy array": __import__("numpy").zeros(2),
        "only text": {"a": "b"},
    }
    Path(path).write_text(json.dumps({
        "made_with": {"torch": torch.__version__.split("+")[0]},
        "files": record,
        "refused": [{"name": name, "file": saved(value)} for name, value in refused.items()],
    }) + "\n")


def check(folder):
    for expected_path in sorted(Path(folder).glob("*.json")):
        expected = json.loads(expected_path.read_text())
        found = plain(torch.load(expected_path.with_suffix(".pt"), weights_only=True))
        assert found == expected, f"{expected_path.stem}: {found} is not {expected}"
        print(f"{expected_path.stem}: torch {torch.__version__} reads it")


{"write": write, "check": check}[sys.argv[1]](sys.argv[2])
