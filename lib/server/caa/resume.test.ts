import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { buildCaa, caught, filesIn, linesIn, newFolder, only } from "#lib/testing/caa-build.ts";
import { personaCallOf } from "#lib/testing/persona-teacher.ts";

describe("going on", () => {
  /** A finished build of 6 and its lines. */
  async function finished() {
    const folder = newFolder();
    await buildCaa(folder, { limit: 6 });
    return { folder, lines: linesIn(folder) };
  }

  it("does nothing where all is done; a higher limit adds, other settings begin another", async () => {
    const { folder, lines } = await finished();
    const again = await buildCaa(folder, { limit: 6 });
    expect(again.requests).toEqual([]);
    expect(again.progress.notices).toEqual([expect.stringMatching(/is finished: 6 samples/)]);
    const more = await buildCaa(folder, { limit: 8 });
    expect(more.requests.filter((request) => personaCallOf(request) === "words")).toEqual([]);
    expect(linesIn(folder).slice(0, 6)).toEqual(lines);
    expect(linesIn(folder)).toHaveLength(8);
    await buildCaa(folder, { limit: 1, seed: 7 });
    expect(filesIn(folder, ".jsonl")).toHaveLength(2);
  });

  it("mends what a kill left: half lines in both files, and a line that never came", async () => {
    const { folder, lines } = await finished();
    const [dataset, work] = [only(folder, ".jsonl"), only(folder, ".work.ndjson")];
    const size = Buffer.byteLength(readFileSync(dataset));
    truncateSync(dataset, size - Buffer.byteLength(lines.at(-1) ?? "") + 20);
    appendFileSync(work, '{"kind":"sample","row":7,"id":"é'.slice(0, -1));
    appendFileSync(work, Buffer.from([0xc3]));
    const again = await buildCaa(folder, { limit: 6 });
    expect(again.requests).toEqual([]);
    expect(linesIn(folder).sort()).toEqual([...lines].sort());
    expect(readFileSync(work, "utf8")).toMatch(/\}\n$/);
  });

  it("refuses a damaged checkpoint in one line, and goes on without it", async () => {
    const { folder, lines } = await finished();
    const checkpoint = only(folder, ".checkpoint.json");
    writeFileSync(checkpoint, '{"num_generated": 6, "outp');
    const error = await caught(buildCaa(folder, { limit: 8 }));
    expect(error.userMessage).toMatch(
      /^the checkpoint caa_dataset_\S+\.checkpoint\.json is damaged: delete it and give the same command again; the 6 sound lines of caa_dataset_\S+\.jsonl stay and are counted$/,
    );
    rmSync(checkpoint);
    const { requests } = await buildCaa(folder, { limit: 8 });
    expect(requests.filter((request) => personaCallOf(request) === "reaction")).toHaveLength(4);
    expect(linesIn(folder).slice(0, 6)).toEqual(lines);
  });

  it("goes on from the dataset's own lines where nothing else is left", async () => {
    const { folder, lines } = await finished();
    const dataset = only(folder, ".jsonl");
    rmSync(only(folder, ".checkpoint.json"));
    rmSync(only(folder, ".work.ndjson"));
    appendFileSync(dataset, '{"question": "[Sit');
    const { result, requests } = await buildCaa(folder, { limit: 8 });
    expect(requests.filter((request) => personaCallOf(request) === "reaction")).toHaveLength(4);
    expect(result.datasets[0]).toMatchObject({ samples: 8, balance: { n: 8 } });
    expect(linesIn(folder).slice(0, 6)).toEqual(lines);
    expect(new Set(linesIn(folder)).size).toBe(8);
  });

  it("leaves a dataset of something else alone", async () => {
    const folder = newFolder();
    const foreign = path.join(folder, "caa_dataset_20250101_000000.jsonl");
    await buildCaa(folder, { limit: 1 });
    const line = (readFileSync(only(folder, ".jsonl"), "utf8").split("\n")[0] ?? "").replace(
      /\[Situation\]\\n/,
      "$&Elsewhere ",
    );
    writeFileSync(foreign, `${line}\n`);
    await buildCaa(folder, { limit: 2, seed: 9 });
    expect(readFileSync(foreign, "utf8")).toBe(`${line}\n`);
    expect(filesIn(folder, ".jsonl")).toHaveLength(3);
  });
});
