import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { startCli } from "#lib/testing/start-cli.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { type CaaBuildOptions, caaRequestOf } from "./caa-options.ts";

const home = temporaryFolder("tiller-cli-caa");

async function tiller(...words: string[]) {
  const child = startCli(home, ["caa", ...words]);
  return { code: await child.ended, stdout: child.stdout(), stderr: child.stderr() };
}

describe("the options of caa build", () => {
  const request = (own: Partial<CaaBuildOptions>, env = {}) =>
    caaRequestOf({ personality: "A, B b", output: "o", ...own }, env);

  it("make a request; an API's model alone means OpenRouter", () => {
    expect(request({})).toMatchObject({
      personalities: ["A", "B b"],
      dataset: "bundled",
      teacher: { provider: "builtin", models: ["demo"], workers: 8 },
      limit: null,
      checkpoint_interval: 100,
      layout: "psyctl",
    });
    const api = request(
      { apiModel: "a/b, c", rpm: 30, maxCost: 1.5, columns: "situation=text,name=who is it" },
      { TILLER_CAA_CHECKPOINT_INTERVAL: "7" },
    );
    expect(api).toMatchObject({
      teacher: {
        provider: "https://openrouter.ai/api/v1",
        models: ["a/b", "c"],
        workers: 4,
        rpm: 30,
        max_cost_usd: 1.5,
      },
      columns: { situation: "text", name: "who is it" },
      checkpoint_interval: 7,
    });
  });

  it.each([
    [{ personality: " , " }, /^--personality: /],
    [{ personality: "a,A" }, /^--personality: a personality is named twice/],
    [{ limitSamples: "many" }, /^--limit-samples: /],
    [{ limitSamples: "0" }, /^--limit-samples: /],
    [{ seed: "" }, /^--seed: /],
    [{ maxCost: -1 }, /^--max-cost: /],
    [{ columns: "text" }, /^--columns "text": write ROLE=COLUMN/],
    [{ model: "demo", apiModel: "m" }, /^--model names an installed model: leave out/],
    [{ apiBase: "http://x/v1" }, /^--api-base needs --api-model/],
  ])("that are wrong are one line: %j", (own, message) => {
    expect(() => request(own)).toThrow(message);
  });
});

it("a plan, a conversion and what a file holds, from a shell", { timeout: 300_000 }, async () => {
  const plan = await tiller(
    "build",
    "--personality",
    "Optimism,calm",
    "-o",
    path.join(home, "o"),
    "--limit-samples",
    "5",
    "--dry-run",
    "--json",
  );
  expect(plan.code, plan.stderr).toBe(0);
  expect(JSON.parse(plan.stdout)).toMatchObject({
    samples: 5,
    calls: { words: 0, reactions: 20 },
    cost_usd: 0,
  });

  const file = path.join(home, "a.json");
  const out = path.join(home, "a.jsonl");
  writeFileSync(
    file,
    '[{"question": "Why?\\n\\nChoices:\\n(A) no\\n(B) yes", "answer_matching_behavior": "(B)", "answer_not_matching_behavior": "(A)", "id": 1}]',
  );
  const converted = await tiller("convert", file, "--to", "psyctl", "-o", out);
  expect(converted, converted.stderr).toMatchObject({
    code: 0,
    stdout: `${out}\n`,
    stderr: "note: not part of psyctl: id\n",
  });
  expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ positive: "(2", neutral: "(1" });
  const refused = await tiller("convert", file, "--to", "psyctl", "-o", out);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/is there already/);
  const report = await tiller("inspect", out, "--json");
  expect(JSON.parse(report.stdout)).toMatchObject({
    layout: "psyctl",
    counts: { samples: 1 },
    balance: { positive_first: 0, n: 1 },
  });
});
