import { floatType } from "../element-types.ts";
import type { Block } from "../find/blocks.ts";
import type { Stream } from "../find/stream.ts";
import { asTokens } from "./taps.ts";
import type { Workspace } from "./workspace.ts";

/** What a block's edit is made of. */
interface BlockState {
  layer: number;
  /** Prefix of new values. */
  name: string;
  /** The stream after the block as it was, float32 [batch, T, H]. */
  state(): string;
}

/** Makes what is added to the stream after a block, float32 [batch, T, H] or what broadcasts to it. */
type Change = (block: BlockState) => string;

/**
 * Adds gate * steer[layer].
 * @param steer float32 [batch or 1, L, H]
 * @param gate float32 [batch, T, 1]
 */
export function addition(workspace: Workspace, { steer, gate }: { steer: string; gate: string }): Change {
  return ({ layer, name }) => {
    const vector = workspace.add("Gather", [steer, workspace.constant([layer])], `${name}.vector`, {
      axis: 1,
    });
    return workspace.add("Mul", [gate, vector], `${name}.gated`);
  };
}

/** The inputs of an affine edit: float32 directions [batch or 1, L, K, H], add and mul [batch or 1, L, K]. */
export interface AffineInputs {
  directions: string;
  add: string;
  mul: string;
  gate: string;
}

/** Adds gate * (add + mul ∘ (h·Vᵀ))·V, V being the layer's K directions: two thin MatMuls. */
export function affine(workspace: Workspace, { directions, add, mul, gate }: AffineInputs): Change {
  return ({ layer, name, state }) => {
    const pick = (input: string, at: number | readonly number[], part: string) =>
      workspace.add("Gather", [input, workspace.constant(at)], `${name}.${part}`, { axis: 1 });
    const rows = pick(directions, layer, "directions"); // [batch, K, H]
    const columns = workspace.add("Transpose", [rows], `${name}.columns`, { perm: [0, 2, 1] });
    const projections = workspace.add("MatMul", [state(), columns], `${name}.projections`);
    const scaled = workspace.add("Mul", [projections, pick(mul, [layer], "mul")], `${name}.scaled`);
    const amounts = workspace.add("Add", [scaled, pick(add, [layer], "add")], `${name}.amounts`);
    const change = workspace.add("MatMul", [amounts, rows], `${name}.change`);
    return workspace.add("Mul", [gate, change], `${name}.gated`);
  };
}

/**
 * Changes the stream after every block.
 * A fused norm stays fused: its component takes the change along. Elsewhere the sum itself is replaced.
 */
export function addSteering(
  workspace: Workspace,
  stream: Stream,
  blocks: readonly Block[],
  hidden: number,
  change: Change,
): void {
  blocks.forEach(({ end }, layer) => {
    const node = stream.body.graph.nodes[end.node];
    if (!node) return;
    const name = `steer.${layer}`;
    const steer = (value: string, before: () => string, output: string) => {
      const type = workspace.typeOf(value);
      const state = () =>
        workspace.toFloat32(asTokens(workspace, stream, before(), hidden, `${name}.state`), `${name}.float`);
      const gated = change({ layer, name, state });
      const cast = type === floatType ? gated : workspace.add("Cast", [gated], `${name}.cast`, { to: type });
      workspace.addAs(output, "Add", [value, likeShape(workspace, stream, cast, value, name)]);
      workspace.types.set(output, type);
    };
    // In a post-norm block the state is not the sum but what the norm makes of it.
    if (end.fused && end.state === node.outputs[3]) {
      const operand = 1 - end.streamOperand;
      const component = node.inputs[operand] ?? "";
      const output = workspace.name(`${name}.component`);
      const sum = () => {
        const whole = workspace.add("Add", [node.inputs[end.streamOperand] ?? "", component], `${name}.sum`);
        workspace.types.set(whole, workspace.typeOf(component));
        return whole;
      };
      steer(component, sum, output);
      node.inputs[operand] = output;
    } else {
      const original = workspace.replaceOutput(end.state);
      steer(original, () => original, end.state);
    }
  });
}

/** [batch, T, H] in the shape of a stream that may lie flattened. */
function likeShape(workspace: Workspace, stream: Stream, value: string, model: string, name: string): string {
  if (!stream.reshaped) return value;
  const shape = workspace.add("Shape", [model], `${name}.shape`);
  return workspace.add("Reshape", [value, shape], `${name}.shaped`);
}
