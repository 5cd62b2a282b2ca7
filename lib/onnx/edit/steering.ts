import { floatType } from "../element-types.ts";
import type { Block } from "../find/blocks.ts";
import type { Stream } from "../find/stream.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Adds gate * steer[layer] to the stream after every block.
 * A fused norm stays fused: its component takes the vector along. Elsewhere the sum itself is replaced.
 * @param steer float32 [batch or 1, L, H]
 * @param gate float32 [batch, T, 1]
 */
export function addSteering(
  workspace: Workspace,
  stream: Stream,
  blocks: readonly Block[],
  { steer, gate }: { steer: string; gate: string },
): void {
  blocks.forEach(({ end }, layer) => {
    const node = stream.body.graph.nodes[end.node];
    if (!node) return;
    const name = `steer.${layer}`;
    const vector = workspace.add("Gather", [steer, workspace.constant([layer])], `${name}.vector`, {
      axis: 1,
    });
    const gated = workspace.add("Mul", [gate, vector], `${name}.gated`);
    const add = (value: string, output: string) => {
      const type = workspace.typeOf(value);
      const cast = type === floatType ? gated : workspace.add("Cast", [gated], `${name}.cast`, { to: type });
      workspace.addAs(output, "Add", [value, likeShape(workspace, stream, cast, value, name)]);
      workspace.types.set(output, type);
    };
    // In a post-norm block the state is not the sum but what the norm makes of it.
    if (end.fused && end.state === node.outputs[3]) {
      const operand = 1 - end.streamOperand;
      const output = workspace.name(`${name}.component`);
      add(node.inputs[operand] ?? "", output);
      node.inputs[operand] = output;
    } else add(workspace.replaceOutput(end.state), end.state);
  });
}

/** [batch, T, H] in the shape of a stream that may lie flattened. */
function likeShape(workspace: Workspace, stream: Stream, value: string, model: string, name: string): string {
  if (!stream.reshaped) return value;
  const shape = workspace.add("Shape", [model], `${name}.shape`);
  return workspace.add("Reshape", [value, shape], `${name}.shaped`);
}
