import type { Head } from "../find/head.ts";
import type { Stream } from "../find/stream.ts";
import { dropShapesAfter, type Workspace } from "./workspace.ts";

/**
 * Reads chosen tokens only: `positions` int64 [batch] or [batch, N] in this call's tokens; the head then works on
 * [batch, N, H]. Where no head is recognised, the tokens are chosen from the finished logits.
 */
export function addLogitsAt(
  workspace: Workspace,
  stream: Stream,
  head: Head | null,
  positions: string,
): void {
  const { graph, sink } = stream.body;
  const rows = flatPositions(workspace, positions);
  if (head === null) {
    choose(workspace, stream, workspace.replaceOutput(sink), rows, sink);
    dropShapesAfter(graph, sink);
    return;
  }
  const chosen = workspace.name("head.input");
  choose(workspace, stream, head.source, rows, chosen);
  feedHead(stream, head, chosen);
  dropShapesAfter(graph, chosen);
}

/** Lets an export that keeps the last token's logits only give those of all tokens. */
export function keepAllLogits(stream: Stream, head: Head): void {
  feedHead(stream, head, head.source);
  dropShapesAfter(stream.body.graph, head.source);
}

function feedHead({ body: { graph, index } }: Stream, { target }: Head, value: string): void {
  for (const at of index.consumers.get(target) ?? []) {
    const node = graph.nodes[at];
    if (node) node.inputs = node.inputs.map((input) => (input === target ? value : input));
  }
}

/** Row b's position p as b * T + p, int64 [batch, N]. */
function flatPositions(workspace: Workspace, positions: string): string {
  const batch = workspace.tokenDim("batch", "scalar");
  const range = [workspace.constant(0), batch, workspace.constant(1)];
  const row = workspace.add("Range", range, "logits_at.row");
  const start = workspace.add("Mul", [row, workspace.tokenDim("length", "scalar")], "logits_at.start");
  const column = workspace.unsqueeze(start, 1, "logits_at.column");
  const shape = workspace.add(
    "Concat",
    [workspace.tokenDim("batch", "vector"), workspace.constant([-1])],
    "logits_at.shape",
    { axis: 0 },
  );
  const table = workspace.add("Reshape", [positions, shape], "logits_at.table");
  return workspace.add("Add", [column, table], "logits_at.flat");
}

function choose(workspace: Workspace, stream: Stream, states: string, rows: string, output: string): void {
  const axis = stream.reshaped ? -1 : 2; // a flattened stream may reach the head as [batch * T, H]
  const flat = workspace.add("Flatten", [states], "logits_at.states", { axis });
  workspace.addAs(output, "Gather", [flat, rows], { axis: 0 });
}
