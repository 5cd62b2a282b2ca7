import { z } from "zod";
import { withoutHalfLastLine } from "#lib/formats/jsonl.ts";
import { type Judgement, type JudgementCache, judgementSchema } from "#lib/judge/contract.ts";
import type { ArtifactStore } from "./ports.ts";

const lineSchema = z.object({ key: z.string(), judgement: judgementSchema });

/** Paid judgements as they arrived, beside the results: what brings them back when the database is lost. */
export interface Journal {
  /** Durable when it resolves. A key that the journal holds already is not written again. */
  append(key: string, judgement: Judgement): Promise<void>;
}

/**
 * Opens a judgement journal (JSON Lines of `{key, judgement}`), mends a half last line that a kill left, and puts what
 * the cache does not know back into it.
 * @param keys the judgements this stage asks for
 */
export async function openJournal(
  artifacts: ArtifactStore,
  path: string,
  cache: JudgementCache,
  keys: readonly string[],
): Promise<Journal> {
  const text = (await artifacts.readText(path)) ?? "";
  const sound = withoutHalfLastLine(text);
  const whole = sound === "" || sound.endsWith("\n") ? sound : `${sound}\n`;
  if (whole !== text) await artifacts.write(path, whole);
  const held = parseJournal(whole);
  await restore(cache, held, keys);
  return createJournal(artifacts, path, new Set(held.keys()));
}

/** Lines this version cannot read are passed over: a journal is a safety net, never a reason to stop. */
export function parseJournal(text: string): Map<string, Judgement> {
  const held = new Map<string, Judgement>();
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    try {
      const { key, judgement } = lineSchema.parse(JSON.parse(line));
      held.set(key, judgement);
    } catch {}
  }
  return held;
}

async function restore(cache: JudgementCache, held: Map<string, Judgement>, keys: readonly string[]) {
  const wanted = [...new Set(keys)].filter((key) => held.has(key));
  const known = await cache.get(wanted);
  const lost = wanted.flatMap((key) => {
    const judgement = held.get(key);
    return known.has(key) || judgement === undefined || judgement.score === null ? [] : [{ key, judgement }];
  });
  if (lost.length > 0) await cache.put(lost);
}

/** Lines that arrive while one append is under way are written together by the next. */
function createJournal(artifacts: ArtifactStore, path: string, held: Set<string>): Journal {
  let waiting: string[] = [];
  let flushing: Promise<void> = Promise.resolve();
  return {
    append(key, judgement) {
      if (held.has(key) || judgement.score === null) return Promise.resolve();
      held.add(key);
      waiting.push(`${JSON.stringify({ key, judgement })}\n`);
      flushing = flushing.then(async () => {
        if (waiting.length === 0) return;
        const lines = waiting.join("");
        waiting = [];
        await artifacts.append(path, lines);
      });
      return flushing;
    },
  };
}
