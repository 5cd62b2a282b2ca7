import { AppError } from "#lib/core/errors.ts";
import { readSafetensors } from "#lib/formats/safetensors.ts";
import { toFloat32 } from "#lib/formats/tensor.ts";

export const caseNames = ["nopad", "left", "right"] as const;
export type CaseName = (typeof caseNames)[number];

/** States of one padding of the same tokens; [B, T] integers, the rest float32, row-major. */
export interface ReferenceCase {
  mask: Int32Array;
  positions: Int32Array;
  /** [B, T, H]: the token embedding as it enters the first block. */
  embedding: Float32Array;
  /** [L, B, T, H]: what attention adds, what the MLP adds, the state after each block before any final norm. */
  attn: Float32Array;
  mlp: Float32Array;
  out: Float32Array;
  /** [B, T, V]: `vector` times 3 added after block 1 to all tokens from index 4 on. */
  steeredLogits: Float32Array;
}

/** States of a model as PyTorch hooks give them, against which an instrumented graph is checked. */
export interface Reference {
  batch: number;
  length: number;
  layers: number;
  hidden: number;
  vocabulary: number;
  /** [B, T] */
  tokens: Int32Array;
  /** [H] */
  vector: Float32Array;
  cases: Partial<Record<CaseName, ReferenceCase>>;
  /** The first row, then greedy tokens: as it is, and with every token steered as above. */
  generated: number[];
  generatedSteered: number[];
}

/** Where and how strongly the reference was steered. */
export const referenceSteering = { layer: 1, coefficient: 3, fromToken: 4 } as const;

/**
 * Reads `ids [B, T]`, `{nopad|left|right}.{mask,pos,logits,hs,attn,mlp,out,steer.logits}`, `vec [H]`, `gen`, `gensteer`.
 * A case that is not there is left out; at least one must be.
 * @throws AppError `invalid-file` naming the tensor that is missing or has another shape than the rest
 */
export function readReference(bytes: Uint8Array, file: string): Reference {
  const { tensors } = readSafetensors(bytes, file);
  const fail = (problem: string) => new AppError("invalid-file", `${file}: ${problem}`);
  const tensor = (name: string, dims?: readonly number[]) => {
    const found = tensors.get(name);
    if (!found) throw fail(`tensor ${name} is missing; write the reference again`);
    if (dims && found.shape.join() !== dims.join()) {
      throw fail(`tensor ${name} is [${found.shape.join(", ")}], expected [${dims.join(", ")}]`);
    }
    return found;
  };
  const floats = (name: string, dims: readonly number[]) => toFloat32(tensor(name, dims));
  const integers = (name: string, dims?: readonly number[]) => Int32Array.from(toFloat32(tensor(name, dims)));

  const [batch = 0, length = 0] = tensor("ids").shape;
  const [hidden = 0] = tensor("vec").shape;
  const present = caseNames.filter((name) => tensors.has(`${name}.logits`));
  const first = present[0];
  if (first === undefined) throw fail("none of nopad.logits, left.logits, right.logits is there");
  const layers = tensor(`${first}.out`).shape[0] ?? 0;
  const vocabulary = tensor(`${first}.logits`).shape[2] ?? 0;
  const tokenDims = [batch, length];
  const stateDims = [layers, ...tokenDims, hidden];
  const logitDims = [...tokenDims, vocabulary];
  const cases: Reference["cases"] = {};
  for (const name of present) {
    const states = floats(`${name}.hs`, [layers + 1, ...tokenDims, hidden]);
    cases[name] = {
      mask: integers(`${name}.mask`, tokenDims),
      positions: integers(`${name}.pos`, tokenDims),
      embedding: states.subarray(0, batch * length * hidden),
      attn: floats(`${name}.attn`, stateDims),
      mlp: floats(`${name}.mlp`, stateDims),
      out: floats(`${name}.out`, stateDims),
      steeredLogits: floats(`${name}.steer.logits`, logitDims),
    };
  }
  return {
    batch,
    length,
    layers,
    hidden,
    vocabulary,
    tokens: integers("ids", tokenDims),
    vector: floats("vec", [hidden]),
    cases,
    generated: [...integers("gen")],
    generatedSteered: [...integers("gensteer")],
  };
}
