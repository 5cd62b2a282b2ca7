import { ggufFiles } from "./control-vector.ts";
import type { VectorFormatName } from "./format-names.ts";
import { csvFiles, neuronpediaFiles, svecFiles, vllmFiles } from "./json-files.ts";
import { ptFiles, safetensorsFiles, stackedPtFiles } from "./tensor-files.ts";
import { setName, type VectorFile, type VectorSet } from "./vector-set.ts";

interface VectorFormat {
  /** How its layer numbers count. */
  convention: string;
  files(set: VectorSet, createdAt: string): VectorFile[];
  /** Lines to copy that use the first file. */
  usage(set: VectorSet): string;
}

const BLOCK = "layer L is the residual stream after block L, 0-based: hidden_states[L + 1] of Transformers";

/** Every format that vectors leave in (formats.md section 5). */
export const vectorFormats: Record<VectorFormatName, VectorFormat> = {
  safetensors: {
    convention: `tensor layer_L: ${BLOCK}`,
    files: safetensorsFiles,
    usage: (set) =>
      hooked(
        set,
        `from safetensors.torch import load_file
vector = load_file("${setName(set)}.safetensors")["layer_${layerOf(set)}"]`,
      ),
  },
  pt: {
    convention: `layer_L.pt: ${BLOCK}`,
    files: ptFiles,
    usage: (set) => hooked(set, `vector = torch.load("layer_${layerOf(set)}.pt", weights_only=True)`),
  },
  "pt-stacked": {
    convention:
      "row i is hidden_states[i] of Transformers: row 0 the embeddings, row L + 1 the output of block L, 0-based",
    files: stackedPtFiles,
    usage: (set) =>
      hooked(set, `vector = torch.load("${setName(set)}.pt", weights_only=True)[${layerOf(set) + 1}]`),
  },
  gguf: {
    convention: "direction.L is added to the output of block L, 0-based; block 0 is kept",
    files: (set) => ggufFiles(set, true),
    usage: (set) => `from repeng import ControlModel, ControlVector
from transformers import AutoModelForCausalLM, AutoTokenizer

name = ${JSON.stringify(set.model)}
tokenizer = AutoTokenizer.from_pretrained(name)
model = ControlModel(AutoModelForCausalLM.from_pretrained(name), [${layerOf(set)}])
model.set_control(ControlVector.import_gguf("${setName(set)}.gguf"), ${coefOf(set)})
ids = tokenizer("How was your day?", return_tensors="pt")
print(tokenizer.decode(model.generate(**ids, max_new_tokens=60)[0]))`,
  },
  "gguf-llamacpp": {
    convention:
      "direction.L is added to the output of block L, 0-based; block 0 is left out: llama.cpp refuses a file that has it",
    files: (set) => ggufFiles(set, false),
    usage: (set) => `llama-cli -m model.gguf \\
  --control-vector-scaled ${setName(set)}-llamacpp.gguf:${coefOf(set)} \\
  --control-vector-layer-range ${Math.max(1, layerOf(set))} ${Math.max(1, layerOf(set))} \\
  -p "How was your day?"`,
  },
  svec: {
    convention: "directions L: the output of block L, 0-based",
    files: svecFiles,
    usage: (set) => `from activation_steering import MalleableModel, SteeringVector
from transformers import AutoModelForCausalLM, AutoTokenizer

name = ${JSON.stringify(set.model)}
tokenizer = AutoTokenizer.from_pretrained(name)
model = MalleableModel(model=AutoModelForCausalLM.from_pretrained(name), tokenizer=tokenizer)
vector = SteeringVector.load("${setName(set)}.svec")
model.steer(behavior_vector=vector, behavior_layer_ids=[${layerOf(set)}], behavior_vector_strength=${coefOf(set)})
print(model.respond("How was your day?"))`,
  },
  neuronpedia: {
    convention: "layerNumber L with hookType resid-post: the output of block L, 0-based",
    files: neuronpediaFiles,
    usage: (set) => `curl https://www.neuronpedia.org/api/vector/new \\
  -H "x-api-key: $NEURONPEDIA_API_KEY" -H "content-type: application/json" \\
  -d @${setName(set)}-layer${layerOf(set)}.neuronpedia.json`,
  },
  vllm: {
    convention: "layers and direction.L: the output of block L, 0-based",
    files: vllmFiles,
    usage: (set) => `curl http://localhost:8000/v1/chat/completions -H "content-type: application/json" \\
  -d "$(jq '. + {model: "MODEL", messages: [{role: "user", content: "How was your day?"}]}' ${setName(set)}-request.json)"`,
  },
  csv: {
    convention: `column layer: ${BLOCK}`,
    files: csvFiles,
    usage: (set) => `import pandas as pd
table = pd.read_csv("${setName(set)}.csv").set_index("layer")
vector = table.loc[${layerOf(set)}].drop("norm").to_numpy()`,
  },
};

/** The layer that the lines to copy speak of: the best, else the middle one. */
function layerOf({ best, layers }: VectorSet): number {
  const known = [...layers.keys()];
  return best && layers.has(best.layer) ? best.layer : (known[Math.floor(known.length / 2)] ?? 0);
}

function coefOf({ best }: VectorSet): number {
  return best ? Number(best.coef.toPrecision(4)) : 1;
}

/** Transformers with a hook that adds the vector to a block's output. */
function hooked(set: VectorSet, load: string): string {
  return `import torch
from transformers import pipeline
${load}
chat = pipeline("text-generation", model=${JSON.stringify(set.model)})
def steer(block, inputs, output):
    hidden = output[0] if isinstance(output, tuple) else output
    hidden += ${coefOf(set)} * vector.to(hidden)
chat.model.model.layers[${layerOf(set)}].register_forward_hook(steer)
print(chat("How was your day?", max_new_tokens=60)[0]["generated_text"])`;
}
