import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { jsonl, planLine } from "#lib/testing/refinery-data.ts";
import { startRefineryServer } from "#lib/testing/refinery-server.ts";
import { startCli } from "#lib/testing/start-cli.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);

async function cli(words: string[]) {
  const child = startCli(at("home"), ["refine", ...words]);
  return { code: await child.ended, out: child.stdout(), err: child.stderr().trim() };
}

it("does each step into a file, the rest from there, and tells by its exit code how it went", async () => {
  const server = await startRefineryServer();
  const teacher = ["--api-base", server.url, "--api-model", "m", "--rpm", "100000"];
  try {
    const plan = ["plan", "--topic", "trams", "--count", "2", "--types", "checklist,contrast_pairs"];
    expect(await cli([...plan, "-o", at("plan.jsonl"), ...teacher])).toMatchObject({ code: 0 });
    const given = ["--plan", at("plan.jsonl")];
    const drafts = await cli(["draft", ...given, "-o", at("d.jsonl"), "--json", ...teacher]);
    expect(JSON.parse(drafts.out)).toMatchObject({ written: 2, failed: 0 });
    const files = [...given, "--drafts", at("d.jsonl"), "--out-dir", at("out")];
    const dry = await cli([...files, "--dry-run", "--json", ...teacher]);
    expect(JSON.parse(dry.out)).toMatchObject({ calls: { plan: 0, drafts: 0, critiques: 2, refine: 2 } });
    expect(existsSync(at("out"))).toBe(false);
    const built = await cli([...files, "--json", ...teacher]);
    expect(JSON.parse(built.out).stats.summary).toMatchObject({ accepted: 2, rejected: 0 });
    const again = await cli([...files, ...teacher]);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("--resume") });
    const pairs = await cli(["pairs", "--out-dir", at("out"), "-o", at("pairs.jsonl")]);
    expect(pairs).toMatchObject({ code: 0, out: `${at("pairs.jsonl")}\n` });

    writeFileSync(at("odd.jsonl"), jsonl([planLine("a", { marks: ["refuse"] })]));
    const failing = ["--plan", at("odd.jsonl"), "--out-dir", at("odd"), ...teacher];
    expect(await cli(failing)).toMatchObject({ code: 3 });
    expect(await cli([...failing, "--retry", "b"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("id b is not among the rejected"),
    });
  } finally {
    await server.close();
  }
});

it("refuses wrong usage in one line, and makes no folder", async () => {
  const out = ["--out-dir", at("none")];
  for (const [words, code, line] of [
    [[...out, "--model", "demo"], 2, "--plan is missing"],
    [["--plan", at("nope.jsonl"), ...out, "--model", "demo"], 1, "nope.jsonl is not there"],
    [["--plan", at("nope.jsonl"), ...out], 2, "who is to write?"],
    [["plan", "-o", at("p.jsonl"), "--model", "demo"], 2, "--topic"],
  ] as const) {
    const said = await cli([...words]);
    expect(said.code, said.err).toBe(code);
    expect(said.err).toContain(line);
    expect(said.err).not.toContain("\n");
  }
  expect(existsSync(at("none"))).toBe(false);
});
