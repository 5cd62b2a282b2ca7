/** The formats that vectors leave in, by name: what each is for, in a few words. */
export const vectorFormatTitles = {
  safetensors: "safetensors: every layer in one file",
  pt: "PyTorch: one bare tensor a layer (EasyEdit)",
  "pt-stacked": "PyTorch: all layers in one tensor (persona_vectors)",
  gguf: "GGUF control vector (repeng, EasySteer)",
  "gguf-llamacpp": "GGUF control vector for llama.cpp",
  svec: "IBM activation-steering",
  neuronpedia: "Neuronpedia: one file a layer",
  vllm: "vLLM with EasySteer: a request, and its control vector",
  csv: "CSV: a row a layer",
} as const;

export type VectorFormatName = keyof typeof vectorFormatTitles;
export const vectorFormatNames = Object.keys(vectorFormatTitles) as VectorFormatName[];
