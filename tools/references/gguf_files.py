"""The GGUF fixture that lib/formats must read, and the check that the gguf package reads what lib/formats writes.

    pip install gguf numpy
    python tools/references/gguf_files.py write lib/formats/fixtures/gguf.json   # records a control vector, base64
    python tools/references/gguf_files.py check FILE.gguf EXPECTED.json          # {"metadata": {…}, "tensors": {name: […]}}
"""

import base64
import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import gguf
import numpy as np

DIRECTIONS = {0: [0.5, -0.25, 0.0, 1.0], 3: [1.5, -2.0, 0.125, -0.0625], 11: [1.0, 2.0, 3.0, 4.0]}


def write(path):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "vector.gguf"
        writer = gguf.GGUFWriter(str(file), "controlvector")
        writer.add_string("controlvector.model_hint", "llama")
        writer.add_uint32("controlvector.layer_count", len(DIRECTIONS))
        writer.add_array("controlvector.notes", ["ein", "zwei"])
        writer.add_float64("controlvector.scale", 0.5)
        writer.add_bool("controlvector.unit", True)
        for layer, values in DIRECTIONS.items():
            dtype = np.float16 if layer == 11 else np.float32
            writer.add_tensor(f"direction.{layer}", np.array(values, dtype=dtype))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        data = file.read_bytes()
    Path(path).write_text(json.dumps({
        "made_with": {"gguf": version("gguf"), "numpy": np.__version__},
        "file": base64.b64encode(data).decode(),
        "metadata": {
            "general.architecture": "controlvector",
            "controlvector.model_hint": "llama",
            "controlvector.layer_count": 3,
            "controlvector.notes": ["ein", "zwei"],
            "controlvector.scale": 0.5,
            "controlvector.unit": True,
        },
        "directions": {str(layer): values for layer, values in DIRECTIONS.items()},
    }) + "\n")


def check(path, expected_path):
    expected = json.loads(Path(expected_path).read_text())
    reader = gguf.GGUFReader(path)
    for key, value in expected["metadata"].items():
        assert reader.fields[key].contents() == value, f"{key}: {reader.fields[key].contents()} is not {value}"
    found = {tensor.name: tensor.data.tolist() for tensor in reader.tensors}
    assert found == expected["tensors"], f"{found} is not {expected['tensors']}"
    print(f"gguf {version('gguf')} reads {path}: {len(found)} tensors")


{"write": write, "check": check}[sys.argv[1]](*sys.argv[2:])
