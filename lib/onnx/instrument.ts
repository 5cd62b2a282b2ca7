import type {
  Component,
  GraphDescription,
  GraphValue,
  InstrumentedGraph,
  InstrumentOptions,
} from "./contract.ts";
import { describeModel } from "./describe.ts";
import { castNode, Edits, intAttribute, makeNode, makeValue } from "./edit.ts";
import { instrumentError } from "./errors.ts";
import { encodeModel, type Graph, type Model, parseModel } from "./model.ts";
import { pruneGraph } from "./prune.ts";
import { findStream, type ResidualStream } from "./stream.ts";
import { elementTypes, floatType, inferTypes, int64Type } from "./types.ts";
import { pointWeightsAt } from "./weights.ts";

const names = {
  steer: "tiller.steer",
  gate: "tiller.gate",
  pool: "tiller.pool",
  logitsAt: "tiller.logits_at",
} as const;

/** Edits a decoder: hidden states come out, steering goes in, the weights stay in the original file. Throws `instrument`. */
export function instrument(modelBytes: Uint8Array, options: InstrumentOptions): InstrumentedGraph {
  const model = parseModel(modelBytes);
  if (model.graph.inputs.some(({ name }) => name.startsWith("tiller."))) {
    throw instrumentError("already-edited", "the graph already holds tiller inputs");
  }
  const stream = findStream(model.graph);
  const description = describeModel(model, stream, options);
  const types = inferTypes(model.graph);
  const edits = new Edits(model.graph);
  const top = Math.min(options.highestLayer ?? stream.blocks.length - 1, stream.blocks.length - 1);
  const context: Context = { model, graph: model.graph, stream, description, types, edits, options, top };

  fuseLastSum(context);
  const wanted = options.components ?? (options.variant === "generate" ? [] : (["residual"] as Component[]));
  const steered = options.steer ?? true;
  const captured = addTaps(context, wanted);
  if (steered) addSteering(context);
  const layout = options.variant === "generate" && addLogitsAt(context) ? "at" : "all";
  edits.apply();
  return finish(context, captured, steered, layout);
}

interface Context {
  model: Model;
  graph: Graph;
  stream: ResidualStream;
  description: GraphDescription;
  types: Map<string, number>;
  edits: Edits;
  options: InstrumentOptions;
  top: number;
}

/** The last fused norm does not hand its sum out; its 4th output is added, with empty fillers. */
function fuseLastSum({ graph, stream }: Context): void {
  const { end } = stream.blocks.at(-1) as ResidualStream["blocks"][number];
  const node = graph.nodes[end.node];
  if (!end.fused || end.after || !node) return;
  while (node.outputs.length < 3) node.outputs.push("");
  node.outputs[3] = "tiller.last_sum";
  end.after = "tiller.last_sum";
}

/** Batch and length of this call as 1-D int64 values, made from the token input. */
function batchAndLength({ edits, stream }: Context): void {
  edits.after(
    -1,
    makeNode("Shape", [stream.tokens], ["tiller.shape"]),
    makeNode("Gather", ["tiller.shape", edits.constant([0])], ["tiller.batch"], [intAttribute("axis", 0)]),
    makeNode("Gather", ["tiller.shape", edits.constant([1])], ["tiller.length"], [intAttribute("axis", 0)]),
  );
}

function addTaps(context: Context, wanted: Component[]): InstrumentedGraph["captured"] {
  const { graph, edits, stream, options, description, types, top } = context;
  const captured: InstrumentedGraph["captured"] = {};
  if (wanted.length === 0 && !options.finalNorm) return captured;
  const blocks = stream.blocks.slice(0, top + 1);
  const sources: Partial<Record<Component | "final_norm", { value: string; flat: boolean }[]>> = {};
  if (wanted.includes("residual")) {
    sources.residual = [
      { value: stream.embedding, flat: false },
      ...blocks.map(({ end }) => ({ value: end.after, flat: end.flat })),
    ];
  }
  if (wanted.includes("attn"))
    sources.attn = blocks.map(({ attn, attnFlat }) => ({ value: attn, flat: attnFlat }));
  if (wanted.includes("mlp")) {
    sources.mlp = blocks.flatMap(({ mlp, mlpFlat }) => (mlp ? [{ value: mlp, flat: mlpFlat }] : []));
  }
  if (options.finalNorm && top === stream.blocks.length - 1) {
    const head = headInput(context);
    if (head) sources.final_norm = [{ value: head, flat: false }];
  }
  const P = options.perToken ? "sequence_length" : "tiller_positions";
  for (const [component, taps] of Object.entries(sources) as [
    Component | "final_norm",
    { value: string; flat: boolean }[],
  ][]) {
    const parts = taps.map(({ value, flat }, at) => {
      const base = `tiller.${component}.${at}`;
      let current = value;
      if (flat) {
        // Flattened streams ([batch * T, H]) are given their shape back before they are read.
        edits.atEnd(
          makeNode(
            "Concat",
            ["tiller.batch", "tiller.length", edits.constant([-1])],
            [`${base}.dims`],
            [intAttribute("axis", 0)],
          ),
          makeNode("Reshape", [current, `${base}.dims`], [`${base}.shaped`]),
        );
        current = `${base}.shaped`;
      }
      if (types.get(value) !== floatType) {
        edits.atEnd(castNode(current, `${base}.float`, floatType));
        current = `${base}.float`;
      }
      if (!options.perToken) {
        edits.atEnd(makeNode("MatMul", [names.pool, current], [`${base}.pooled`]));
        current = `${base}.pooled`;
      }
      edits.atEnd(makeNode("Unsqueeze", [current, edits.constant([0])], [`${base}.row`]));
      return `${base}.row`;
    });
    const output = `tiller.captured.${component}`;
    concatTree(edits, parts, output);
    captured[component] = output;
    graph.outputs.push(makeValue(output, floatType, [taps.length, "batch_size", P, description.hidden]));
  }
  if (taps(sources)) batchAndLength(context);
  return captured;
}

function taps(sources: Partial<Record<string, { flat: boolean }[]>>): boolean {
  return Object.values(sources).some((list) => list?.some(({ flat }) => flat));
}

/** WebGPU allows a node 8 buffers in all: concatenations of at most 7. */
function concatTree(edits: Edits, parts: string[], output: string): void {
  let level = parts;
  let depth = 0;
  while (level.length > 7) {
    const next: string[] = [];
    for (let at = 0; at < level.length; at += 7) {
      const name = `${output}.l${depth}.${at}`;
      edits.atEnd(makeNode("Concat", level.slice(at, at + 7), [name], [intAttribute("axis", 0)]));
      next.push(name);
    }
    level = next;
    depth++;
  }
  edits.atEnd(makeNode("Concat", level, [output], [intAttribute("axis", 0)]));
}

function addSteering(context: Context): void {
  const { graph, edits, stream, types, top } = context;
  let flattened = false;
  stream.blocks.slice(0, top + 1).forEach(({ end }, layer) => {
    const base = `tiller.steer.${layer}`;
    const node = graph.nodes[end.node];
    if (!node) return;
    const nodes = [
      makeNode(
        "Gather",
        [names.steer, edits.constant([layer])],
        [`${base}.vector`],
        [intAttribute("axis", 1)],
      ),
      makeNode("Mul", [names.gate, `${base}.vector`], [`${base}.gated`]),
    ];
    let current = `${base}.gated`;
    const type = types.get(end.fused ? (node.inputs[0] ?? "") : end.after) ?? floatType;
    if (type !== floatType) {
      nodes.push(castNode(current, `${base}.cast`, type));
      current = `${base}.cast`;
    }
    if (end.flat) {
      flattened = true;
      nodes.push(
        makeNode(
          "Gather",
          ["tiller.steer_shape", edits.constant([2])],
          [`${base}.width`],
          [intAttribute("axis", 0)],
        ),
        makeNode(
          "Concat",
          [edits.constant([-1]), `${base}.width`],
          [`${base}.dims`],
          [intAttribute("axis", 0)],
        ),
        makeNode("Reshape", [current, `${base}.dims`], [`${base}.flat`]),
      );
      current = `${base}.flat`;
    }
    if (end.fused) {
      // The component takes the vector along, so that the fused norm stays fused.
      const operand = end.addedOperand;
      const component = node.inputs[operand] ?? "";
      edits.before(end.node, ...nodes, makeNode("Add", [component, current], [`${base}.added`]));
      node.inputs[operand] = `${base}.added`;
    } else {
      const plain = `${base}.unsteered`;
      node.outputs = node.outputs.map((output) => (output === end.after ? plain : output));
      edits.after(end.node, ...nodes, makeNode("Add", [plain, current], [end.after]));
    }
  });
  if (flattened) edits.after(-1, makeNode("Shape", [names.steer], ["tiller.steer_shape"]));
}

const matmuls = new Set([
  "MatMul",
  "Gemm",
  "MatMulNBits",
  "FusedMatMul",
  "MatMulInteger",
  "DynamicQuantizeMatMul",
  "MatMulIntegerToFloat",
  "MatMulFpQ4",
  "MatMulBnb4",
  "QMoE",
]);

/** The value that goes into the head, [batch, T, H]: after the final norm. */
function headInput({ graph, stream }: Context): string | null {
  const last = stream.blocks.at(-1)?.end.node ?? 0;
  const head = stream.chain.filter((at) => at > last && matmuls.has(graph.nodes[at]?.opType ?? "")).at(-1);
  if (head === undefined) return null;
  let value = graph.nodes[head]?.inputs[0] ?? "";
  for (;;) {
    const at = stream.index.producer.get(value);
    const node = graph.nodes[at ?? -1];
    if (node?.opType !== "DynamicQuantizeLinear" && node?.opType !== "Cast" && node?.opType !== "Reshape")
      return value;
    if (at === undefined || at <= last) return value;
    value = node.inputs[0] ?? value;
  }
}

function addLogitsAt(context: Context): boolean {
  const { graph, edits, stream, description } = context;
  const value = headInput(context);
  const producer = value === null ? undefined : stream.index.producer.get(value);
  if (value === null || producer === undefined) return false;
  batchAndLength(context);
  const c = (values: number[], scalar = false) => edits.constant(values, scalar);
  const axis = intAttribute("axis", 0);
  edits.after(
    -1,
    makeNode("Squeeze", ["tiller.batch", c([0])], ["tiller.batch_scalar"]),
    makeNode("Range", [c([0], true), "tiller.batch_scalar", c([1], true)], ["tiller.rows"]),
    makeNode("Mul", ["tiller.rows", "tiller.length"], ["tiller.row_starts"]),
    makeNode("Unsqueeze", ["tiller.row_starts", c([1])], ["tiller.row_starts_column"]),
    makeNode("Concat", ["tiller.batch", c([-1])], ["tiller.at_dims"], [axis]),
    makeNode("Reshape", [names.logitsAt, "tiller.at_dims"], ["tiller.at"]),
    makeNode("Add", ["tiller.row_starts_column", "tiller.at"], ["tiller.flat_at"]),
  );
  const users = (stream.index.consumers.get(value) ?? []).map((at) => graph.nodes[at]);
  for (const user of users) {
    if (user) user.inputs = user.inputs.map((input) => (input === value ? "tiller.head_input" : input));
  }
  edits.after(
    producer,
    makeNode("Flatten", [value], ["tiller.head_rows"], [intAttribute("axis", 2)]),
    makeNode("Gather", ["tiller.head_rows", "tiller.flat_at"], ["tiller.head_input"], [axis]),
  );
  // Shapes that the export declares downstream no longer hold.
  graph.valueInfo = [];
  graph.outputs = graph.outputs.map((output) =>
    output.name === stream.logits
      ? makeValue(output.name, output.elementType, [
          "batch_size",
          "tiller_logits",
          description.vocab ?? "vocab",
        ])
      : output,
  );
  return true;
}

function finish(
  context: Context,
  captured: InstrumentedGraph["captured"],
  steered: boolean,
  layout: "all" | "at",
): InstrumentedGraph {
  const { model, graph, stream, description, options } = context;
  const { hidden, layers } = description;
  const T = "sequence_length";
  graph.inputs.push(
    makeValue(names.steer, floatType, ["tiller_steered", layers, hidden]),
    makeValue(names.gate, floatType, ["batch_size", T, 1]),
    makeValue(names.pool, floatType, ["batch_size", "tiller_positions", T]),
    makeValue(names.logitsAt, int64Type, layout === "at" ? ["tiller_at"] : []),
  );
  const capture = options.variant === "capture";
  if (capture) {
    const kept = new Set<string>(Object.values(captured));
    graph.outputs = graph.outputs.filter(({ name }) => kept.has(name));
  }
  pruneGraph(graph);
  pointWeightsAt(graph, options.dataFile);
  const toValue = ({ name, elementType, dims }: (typeof graph.inputs)[number]): GraphValue => ({
    name,
    dtype: elementTypes[elementType] ?? "unknown",
    dims: dims ?? [],
  });
  const inputs = graph.inputs.map(toValue);
  const has = (name: string) => inputs.some((input) => input.name === name);
  const logits = description.outputs.find(({ name }) => name === stream.logits);
  const tokenInput = description.inputs.find(({ name }) => name === stream.tokens);
  const keepLogits = ["num_logits_to_keep", "logits_to_keep"].find(has) ?? null;
  return {
    bytes: encodeModel(model),
    description,
    inputs: {
      ...(steered && has(names.steer) ? { steer: names.steer, gate: names.gate } : {}),
      ...(has(names.pool) ? { pool: names.pool } : {}),
      ...(has(names.logitsAt) ? { logitsAt: names.logitsAt } : {}),
    },
    captured,
    logits: capture || !logits ? null : { name: stream.logits, dtype: logits.dtype, layout },
    tokens: {
      name: stream.tokens,
      kind: stream.tokens === "input_ids" ? "ids" : "embeddings",
      dtype: tokenInput?.dtype ?? "int64",
    },
    attentionMask: has("attention_mask") ? "attention_mask" : null,
    positionIds: has("position_ids") ? "position_ids" : null,
    useCacheBranch: null,
    logitsToKeep: keepLogits,
    past: inputs.filter(({ name }) => description.kv.past.includes(name)),
    present: capture ? [] : description.kv.present,
    requiredInputs: inputs,
  };
}
