import { describe, expect, it } from "vitest";
import {
  BATCH,
  edit,
  file,
  float,
  HIDDEN,
  int,
  kinds,
  LAYERS,
  LENGTH,
  maxError,
  reference,
  run,
  tolerance,
  VOCABULARY,
} from "#lib/testing/tiny-decoders.ts";
import type { GraphVariant, InstrumentedGraph } from "./contract.ts";
import { instrument } from "./instrument.ts";
import type { Graph, Node } from "./proto/messages.ts";
import { readModel } from "./proto/read-model.ts";

/** [n, B, T, H] averaged over the tokens: [n, B, H]. */
function meanOverTokens(states: Float32Array): Float32Array {
  const means = new Float32Array(states.length / LENGTH);
  states.forEach((value, at) => {
    const row = Math.floor(at / (LENGTH * HIDDEN));
    const to = row * HIDDEN + (at % HIDDEN);
    means[to] = (means[to] ?? 0) + value / LENGTH;
  });
  return means;
}

const inputNames = (graph: InstrumentedGraph) => graph.requiredInputs.map(({ name }) => name);

/** All nodes, those of branches too. */
function nodesOf(graph: Graph): Node[] {
  const inner = ({ attributes }: Node) => attributes.flatMap((attribute) => attribute.graph ?? []);
  return graph.nodes.flatMap((node) => [node, ...inner(node).flatMap(nodesOf)]);
}

describe.each(kinds)("instrument a %s decoder", (kind) => {
  const ref = reference(kind);

  it("capture: pools every component in the graph, without head and logits", async () => {
    const graph = edit(kind, { variant: "capture", components: ["residual", "attn", "mlp"] });
    const outputs = await run(kind, graph);
    const own = Object.keys(outputs).filter((name) => !name.startsWith("present"));
    expect(own.sort()).toEqual(Object.values(graph.captured).sort());
    expect(Object.keys(outputs).length > own.length).toBe(kind === "fused");
    const read = (component: keyof typeof graph.captured) => outputs[graph.captured[component] ?? ""];
    expect(maxError(read("residual"), meanOverTokens(ref("nopad.hs")))).toBeLessThan(tolerance(kind));
    expect(maxError(read("attn"), meanOverTokens(ref("nopad.attn")))).toBeLessThan(tolerance(kind));
    expect(maxError(read("mlp"), meanOverTokens(ref("nopad.mlp")))).toBeLessThan(tolerance(kind));
    expect(graph.logits).toBeNull();
    const weights = readModel(graph.bytes).graph.initializers.map(({ name }) => name);
    expect(weights).not.toContain("head");
  });

  it("capture: drops the blocks above the highest wanted one", async () => {
    const graph = edit(kind, { variant: "capture", highestLayer: 0 });
    const outputs = await run(kind, graph);
    const expected = meanOverTokens(ref("nopad.hs")).subarray(0, 2 * BATCH * HIDDEN);
    expect(maxError(outputs["tiller.captured.residual"], expected)).toBeLessThan(tolerance(kind));
    const weights = readModel(graph.bytes).graph.initializers.map(({ name }) => name);
    expect(weights).toContain("0.down");
    expect(weights).not.toContain("1.up");
    expect(inputNames(graph).filter((name) => name.includes(".1."))).toEqual([]);
  });

  it("reads several positions a row, and the final norm's output beside the states", async () => {
    const graph = edit(kind, { variant: "full", finalNorm: true, steer: false });
    // Two positions a row: its first token, and the mean of its last two.
    const weights = new Float32Array(BATCH * 2 * LENGTH);
    for (let row = 0; row < BATCH; row++) {
      weights[row * 2 * LENGTH] = 1;
      weights.fill(0.5, (row * 2 + 2) * LENGTH - 2, (row * 2 + 2) * LENGTH);
    }
    const outputs = await run(kind, graph, { "tiller.pool": float(weights, [BATCH, 2, LENGTH]) });
    const states = ref("nopad.hs");
    const expected = new Float32Array((LAYERS + 1) * BATCH * 2 * HIDDEN);
    const state = (layer: number, row: number, token: number, at: number) =>
      states[((layer * BATCH + row) * LENGTH + token) * HIDDEN + at] ?? 0;
    for (let layer = 0; layer <= LAYERS; layer++) {
      for (let row = 0; row < BATCH; row++) {
        for (let at = 0; at < HIDDEN; at++) {
          const to = (layer * BATCH + row) * 2 * HIDDEN + at;
          expected[to] = state(layer, row, 0, at);
          expected[to + HIDDEN] = (state(layer, row, LENGTH - 2, at) + state(layer, row, LENGTH - 1, at)) / 2;
        }
      }
    }
    expect(maxError(outputs["tiller.captured.residual"], expected)).toBeLessThan(tolerance(kind));
    // The head is linear: the normed state's size is what the norm makes of any state, not the state's own.
    const normed = outputs["tiller.captured.final_norm"];
    expect(normed?.length).toBe(BATCH * 2 * HIDDEN);
    expect(maxError(normed, expected.subarray(LAYERS * BATCH * 2 * HIDDEN))).toBeGreaterThan(0.1);
    expect(inputNames(graph)).not.toContain("tiller.steer");
  });

  it("generate: logits of the asked positions only, one or several a row", async () => {
    const all = ref("nopad.logits");
    const graph = edit(kind, { variant: "generate" });
    expect(graph.captured).toEqual({});
    expect(graph.logits).toMatchObject({ name: "logits", layout: "at" });
    for (const positions of [
      [[LENGTH - 1], [2]],
      [
        [0, 3, 5],
        [1, 1, 4],
      ],
    ]) {
      const count = positions[0]?.length ?? 0;
      const dims = count === 1 ? [BATCH] : [BATCH, count];
      const { logits } = await run(kind, graph, { "tiller.logits_at": int(positions.flat(), dims) });
      const expected = positions.flatMap((row, batch) =>
        row.flatMap((token) => [
          ...all.subarray((batch * LENGTH + token) * VOCABULARY, (batch * LENGTH + token + 1) * VOCABULARY),
        ]),
      );
      expect(maxError(logits, expected)).toBeLessThan(tolerance(kind));
    }
  });

  it("full: zero steering leaves the logits bit-identical; steering adds up over layers and rows", async () => {
    const graph = edit(kind, { variant: "full", perToken: true, components: ["residual"] });
    const { description } = graph;
    const plain = await run(kind, { bytes: file(kind), requiredInputs: description.inputs });
    const zero = await run(kind, graph);
    expect(maxError(zero.logits, plain.logits ?? [])).toBe(0);
    // Row 0 takes the reference's vector after the last block at tokens >= 4; row 1 takes nothing.
    const steer = new Float32Array(BATCH * LAYERS * HIDDEN);
    ref("vec").forEach((value, at) => {
      steer[(LAYERS - 1) * HIDDEN + at] = 3 * value;
    });
    const gate = Float32Array.from({ length: BATCH * LENGTH }, (_, at) => (at % LENGTH >= 4 ? 1 : 0));
    const steered = await run(kind, graph, {
      "tiller.steer": float(steer, [BATCH, LAYERS, HIDDEN]),
      "tiller.gate": float(gate, [BATCH, LENGTH, 1]),
    });
    const half = LENGTH * VOCABULARY;
    const expected = ref("nopad.steer.logits");
    expect(maxError(steered.logits?.subarray(0, half), expected.subarray(0, half))).toBeLessThan(
      tolerance(kind),
    );
    expect(maxError(steered.logits?.subarray(half), plain.logits?.subarray(half) ?? [])).toBe(0);
    // What is captured after the block holds the addition.
    const last = LAYERS * BATCH * LENGTH * HIDDEN + (LENGTH - 1) * HIDDEN;
    const captured = "tiller.captured.residual";
    const difference = [...ref("vec")].map((value, at) => (zero[captured]?.[last + at] ?? 0) + 3 * value);
    expect(maxError(steered[captured]?.subarray(last, last + HIDDEN), difference)).toBeLessThan(
      tolerance(kind),
    );
  });

  it.each(["full", "capture", "generate"] as GraphVariant[])(
    "%s: no node has more than 8 inputs and outputs, no weight is copied, no output is unmade",
    (variant) => {
      const graph = edit(kind, { variant, components: ["residual", "attn", "mlp"] });
      const edited = readModel(graph.bytes).graph;
      const original = new Set(nodesOf(readModel(file(kind)).graph).map(({ name }) => name));
      const added = nodesOf(edited).filter(({ name }) => !original.has(name));
      expect(added.length).toBeGreaterThan(0);
      for (const { inputs, outputs } of added) expect(inputs.length + outputs.length).toBeLessThanOrEqual(8);
      const { initializers, outputs } = edited;
      const locations = new Map(initializers.map(({ name, external }) => [name, external.get("location")]));
      expect(locations.get("0.up")).toBe(kind === "fused" ? "model.onnx.data" : "model.onnx");
      const made = new Set(edited.nodes.flatMap((node) => node.outputs));
      for (const { name } of outputs) expect(made).toContain(name);
      expect(() => instrument(graph.bytes, { variant, dataFile: "model.onnx" })).toThrow(/already/);
    },
  );
});
