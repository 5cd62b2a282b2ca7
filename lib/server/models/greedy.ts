import { logitsAt, nextTokenFeeds, promptFeeds } from "#lib/engine/feeds.ts";
import { type CacheShape, KvCache } from "#lib/engine/kv-cache.ts";
import type { Feed, HostTensor, Session } from "#lib/engine/session.ts";
import { asFloat32 } from "#lib/engine/tensors.ts";
import type { InstrumentedGraph } from "#lib/onnx/index.ts";
import { floatFeed } from "./batch-feeds.ts";

/**
 * Greedy tokens after a prompt, one row, with the KV cache; every token, the prompt's too, is steered.
 * @param graph a generate graph with `tiller.steer`
 * @param steer [1, L, H]
 */
export async function greedyTokens(
  graph: InstrumentedGraph,
  session: Session,
  prompt: readonly number[],
  count: number,
  steer: HostTensor,
  shape: CacheShape,
): Promise<number[]> {
  const cache = new KvCache(graph, 1, shape);
  const logits = graph.logits?.name ?? "logits";
  const answer: number[] = [];
  let feeds: Record<string, Feed> = promptFeeds(graph, [prompt], prompt.length);
  let length = prompt.length;
  while (answer.length < count) {
    const { read, kept } = await session.run(
      {
        ...feeds,
        ...cache.feeds,
        ...logitsAt(graph, Int32Array.of(length - 1)),
        "tiller.steer": steer,
        "tiller.gate": floatFeed(new Float32Array(length).fill(1), [1, length, 1]),
      },
      { read: [logits], keep: graph.present },
    );
    cache.advance(kept);
    const scores = read[logits];
    const vocabulary = scores?.dims.at(-1) ?? 0;
    const next = argmax(scores ? asFloat32(scores).slice(-vocabulary) : new Float32Array());
    answer.push(next);
    feeds = nextTokenFeeds(graph, [next], [prompt.length], prompt.length, answer.length);
    length = 1;
  }
  cache.dispose();
  return answer;
}

function argmax(values: Float32Array): number {
  return values.reduce(
    (best, value, at) => (value > (values[best] ?? Number.NEGATIVE_INFINITY) ? at : best),
    0,
  );
}
