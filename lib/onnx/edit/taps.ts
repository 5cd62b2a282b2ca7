import type { Component } from "../contract.ts";
import { instrumentError } from "../errors.ts";
import type { Block } from "../find/blocks.ts";
import type { Head } from "../find/head.ts";
import type { Stream } from "../find/stream.ts";
import type { Workspace } from "./workspace.ts";

/** WebGPU guarantees a node 8 buffers: at most 7 inputs and one output. */
const MAX_CONCAT = 7;

export type TapName = Component | "final_norm";

/** What is read, in order; the parts of one tap are summed. */
export type Taps = Map<TapName, string[][]>;

/** Values to read for the wanted components, from the embedding up to the last of `blocks`. */
export function tapsOf(
  stream: Stream,
  blocks: readonly Block[],
  head: Head | null,
  wanted: ReadonlySet<TapName>,
): Taps {
  const taps: Taps = new Map();
  if (wanted.has("residual")) {
    taps.set("residual", [[stream.embedding], ...blocks.map(({ end }) => [end.state])]);
  }
  if (wanted.has("attn"))
    taps.set(
      "attn",
      blocks.map(({ attn }) => attn),
    );
  if (wanted.has("mlp")) {
    const without = blocks.findIndex(({ mlp }) => mlp.length === 0);
    if (without >= 0) {
      throw instrumentError("odd-layer", `layer ${without} has no MLP of its own to read`, {
        hint: "read the residual stream or attention instead",
      });
    }
    taps.set(
      "mlp",
      blocks.map(({ mlp }) => mlp),
    );
  }
  if (wanted.has("final_norm") && head?.normed) taps.set("final_norm", [[head.normed]]);
  return taps;
}

/** Gives the last skip norm, which drops its sum, a 4th output for it. */
export function nameSums({ body, additions }: Stream, workspace: Workspace): void {
  for (const addition of additions) {
    const node = body.graph.nodes[addition.node];
    if (!addition.fused || addition.state !== "" || !node) continue;
    addition.state = workspace.name(`sum.${addition.node}`);
    while (node.outputs.length < 3) node.outputs.push("");
    node.outputs[3] = addition.state;
    workspace.types.set(addition.state, workspace.typeOf(node.inputs[0] ?? ""));
  }
}

/**
 * Adds the nodes that read the taps: pooled over tokens with `pool` [batch, P, T], or every token where it is null.
 * @returns each tap's output, float32 [n, batch, P or T, H]
 */
export function addTaps(
  workspace: Workspace,
  stream: Stream,
  taps: Taps,
  hidden: number,
  pool: string | null,
): Map<TapName, string> {
  const outputs = new Map<TapName, string>();
  for (const [tap, states] of taps) {
    const rows = states.map((parts, at) => {
      const name = `${tap}.${at}`;
      const shaped = asTokens(workspace, stream, sum(workspace, parts, name), hidden, name);
      const value = workspace.toFloat32(shaped, `${name}.float`);
      return pool === null
        ? workspace.unsqueeze(value, 0, `${name}.row`)
        : workspace.add("MatMul", [poolRow(workspace, pool), value], `${name}.row`);
    });
    outputs.set(tap, concatenate(workspace, rows, `captured.${tap}`));
  }
  return outputs;
}

function sum(workspace: Workspace, parts: string[], name: string): string {
  return parts.reduce((total, part, at) => {
    if (total === "") return part;
    const value = workspace.add("Add", [total, part], `${name}.sum.${at}`);
    workspace.types.set(value, workspace.typeOf(part));
    return value;
  }, "");
}

/** Flattened streams, [batch * T, H], get their shape [batch, T, H] back. */
export function asTokens(
  workspace: Workspace,
  stream: Stream,
  value: string,
  hidden: number,
  name: string,
): string {
  if (!stream.reshaped) return value;
  const shape = workspace.once("tokens.state.shape", (own) =>
    workspace.add(
      "Concat",
      [
        workspace.tokenDim("batch", "vector"),
        workspace.tokenDim("length", "vector"),
        workspace.constant([hidden]),
      ],
      own,
      { axis: 0 },
    ),
  );
  const shaped = workspace.add("Reshape", [value, shape], `${name}.shaped`);
  workspace.types.set(shaped, workspace.typeOf(value));
  return shaped;
}

/** The pool weights as [1, batch, P, T]: pooled states then are rows of [n, batch, P, H]. */
function poolRow(workspace: Workspace, pool: string): string {
  return workspace.once("pool.row", (name) => workspace.unsqueeze(pool, 0, name));
}

function concatenate(workspace: Workspace, rows: string[], name: string): string {
  let level = rows;
  for (let depth = 0; level.length > MAX_CONCAT; depth++) {
    const next: string[] = [];
    for (let at = 0; at < level.length; at += MAX_CONCAT) {
      const inputs = level.slice(at, at + MAX_CONCAT);
      next.push(workspace.add("Concat", inputs, `${name}.${depth}.${at}`, { axis: 0 }));
    }
    level = next;
  }
  return workspace.add("Concat", level, name, { axis: 0 });
}
