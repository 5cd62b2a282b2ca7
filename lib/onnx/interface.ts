import type { GraphVariant, InstrumentedGraph } from "./contract.ts";
import { toGraphValue } from "./describe.ts";
import { added } from "./edit/public-values.ts";
import { elementTypes } from "./element-types.ts";
import { type Decoder, logitsToKeep, publicInputs } from "./find/decoder.ts";

/** What the edited graph asks for and gives. */
export function interfaceOf(
  decoder: Decoder,
  variant: GraphVariant,
): Omit<InstrumentedGraph, "bytes" | "description" | "captured"> {
  const { model, tokens, logits } = decoder;
  const requiredInputs = publicInputs(model.graph).map(toGraphValue);
  const names = new Set(requiredInputs.map(({ name }) => name));
  const first = (...candidates: string[]) => candidates.find((name) => names.has(name)) ?? null;
  const past = requiredInputs.filter(({ name }) => decoder.past.includes(name));
  return {
    inputs: Object.fromEntries(Object.entries(added).filter(([, name]) => names.has(name))),
    logits:
      variant === "capture"
        ? null
        : {
            name: logits.name,
            dtype: elementTypes[logits.elementType] ?? "unknown",
            layout: variant === "generate" ? "at" : "all",
          },
    tokens: {
      name: tokens.name,
      kind: tokens.name === "input_ids" ? "ids" : "embeddings",
      dtype: elementTypes[tokens.elementType] ?? "unknown",
    },
    attentionMask: first("attention_mask"),
    positionIds: first("position_ids"),
    useCacheBranch: first("use_cache_branch"),
    logitsToKeep: first(...logitsToKeep),
    past,
    present: variant === "capture" ? [] : matchPresent(past, decoder.present),
    requiredInputs,
  };
}

/** The cache outputs in the order of the inputs they become: `past_key_values.0.key` is fed from `present.0.key`. */
function matchPresent(past: { name: string }[], present: string[]): string[] {
  const tail = (name: string) => name.replace(/^(past_key_values|past|present_key_values|present)/, "");
  const byTail = new Map(present.map((name) => [tail(name), name]));
  return past
    .map(({ name }, at) => byTail.get(tail(name)) ?? present[at])
    .filter((name): name is string => name !== undefined);
}
