import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareSmallHome, smallTrait } from "#lib/testing/small-home.ts";
import { startCli } from "#lib/testing/start-cli.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";

const home = temporaryFolder("tiller-cli");
const SLOW = { timeout: 300_000 };

async function tiller(words: string[], env: Record<string, string> = {}) {
  const child = startCli(home, words, env);
  const code = await child.ended;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

/** What the person sees of a failure: nothing on stdout, one line on stderr. */
async function failure(words: string[], env?: Record<string, string>) {
  const { code, stdout, stderr } = await tiller(words, env);
  expect(stdout).toBe("");
  const lines = stderr.trimEnd().split("\n");
  return { code, lines: lines.length, last: lines.at(-1) ?? "", stderr };
}

function writeTrait(name: string, files: Record<string, string>): void {
  const folder = path.join(home, "datasets/traits", name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
}

beforeAll(() => {
  prepareSmallHome(home);
  const definition = {
    "definition.txt": "How glad it is.",
    "steering.json": '{"questions": ["How are you?"]}',
  };
  writeTrait("bad/unequal", { "positive.txt": "a\nb\n", "negative.txt": "a\n", ...definition });
  writeTrait("bad/lonely", { "positive.txt": "a\n", ...definition });
  writeTrait("bad/empty", { "positive.txt": "\n\n", "negative.txt": "\n", ...definition });
  writeTrait("bad/lines", {
    "positive.jsonl": '{"prompt": "a"}\n{"prompt": \n',
    "negative.txt": "a\nb\n",
    ...definition,
  });
  mkdirSync(path.join(home, "experiments/broken"), { recursive: true });
  writeFileSync(path.join(home, "experiments/broken/config.json"), '{"seed": "many"');
});

describe("wrong usage is one line and exit code 2", SLOW, () => {
  it.each([
    [["frobnicate"], /unknown command 'frobnicate'/],
    [["run"], /required option '--experiment <name>'/],
    [["run", "--experiment", "sample", "--bogus"], /unknown option '--bogus'/],
    [["run", "--experiment", "sample", "--component", "nose"], /'nose' is invalid.*residual/],
    [["run", "--experiment", "sample", "--seed", "x"], /'x' is invalid.*number/],
    [["run", "--experiment", "sample", "--val-split", ""], /'' is invalid/],
    [
      ["run", "--experiment", "sample", "--only-stage", "7"],
      /stage "7" is not known: write vet-scenarios \(0\)/,
    ],
    [["run", "--experiment", "sample", "--traits", "nope"], /category\/trait/],
    [["run", "--experiment", "sample", "--traits", ","], /--traits names none/],
    [["traits", "new", "../up"], /is not allowed/],
    [["traits", "lint", "../up"], /is not allowed/],
    [["export", "--experiment", "sample", "--format", "exe", "-o", "/nowhere"], /format "exe"/],
    [["serve", "--port", "99999"], /--port 99999/],
    [["models", "verify", "demo"], /--reference/],
  ])("%j", async (words, pattern) => {
    const { code, lines, last } = await failure(words);
    expect(last).toMatch(pattern);
    expect([code, lines]).toEqual([2, 1]);
  });
});

describe("bad input is one line that says where and what to do", SLOW, () => {
  const run = (...more: string[]) => ["run", "--experiment", "sample", ...more];
  it.each([
    [
      ["run", "--experiment", "nope"],
      1,
      /experiment "nope" is not known.*experiments\/nope\/config\.json.*sample/,
    ],
    [["run", "--experiment", "broken"], 1, /experiments\/broken\/config\.json/],
    [["run", "--experiment", "../x"], 2, /is not allowed/],
    [run("--traits", "demo/nope"), 1, /trait demo\/nope is not known.*demo\/optimism/],
    [run("--traits", "bad/unequal"), 1, /bad\/unequal.*2.*1/],
    [run("--traits", "bad/lonely"), 1, /bad\/lonely.*negative/],
    [run("--traits", "bad/empty"), 1, /bad\/empty/],
    [run("--traits", "bad/lines"), 1, /bad\/lines\/positive\.jsonl:2/],
    [run("--position", "middle[:]"), 2, /position/],
    [run("--methods", "magic"), 2, /magic/],
    [run("--extraction-model", "nope"), 1, /"nope".*demo/],
    [run("--traits", smallTrait, "--judge", "ftp://x"), 2, /ftp:\/\/x/],
    [
      run("--traits", smallTrait, "--judge", "https://api.openai.com/v1"),
      1,
      /TILLER_JUDGE_KEY|OPENAI_API_KEY|key/,
    ],
    [run("--traits", smallTrait, "--only-stage", "extract"), 1, /capture/],
    [run("--traits", smallTrait, "--device", "browser"), 1, /no Tiller server is running.*npm start/],
    [["report", "--experiment", "sample"], 1, /no results yet/],
    [["traits", "lint", "demo/nope", "--json"], 1, /trait demo\/nope is not known/],
    [["models", "inspect", "nope"], 1, /nope/],
    [["models", "verify", "demo", "--reference", "nope.safetensors"], 1, /nope\.safetensors cannot be read/],
  ] as const)("%j", async (words, expected, pattern) => {
    const { code, last } = await failure([...words], { TILLER_JUDGE_KEY: "", OPENAI_API_KEY: "" });
    expect(last).toMatch(pattern);
    expect(last).not.toMatch(/something went wrong/);
    expect(code).toBe(expected);
  });

  it("a judge that is not there", async () => {
    const words = run(
      "--traits",
      smallTrait,
      "--judge",
      "http://127.0.0.1:9/v1",
      "--only-stage",
      "vet-scenarios",
    );
    const { code, last } = await failure(words);
    expect(last).toMatch(/127\.0\.0\.1:9/);
    expect(code).toBe(1);
  });
});

describe("what only reads files", SLOW, () => {
  it("lists traits, damaged ones with what is wrong", async () => {
    const { code, stdout } = await tiller(["traits", "list", "--json"]);
    expect(code).toBe(0);
    const traits = JSON.parse(stdout) as { trait: string; positives: number; problem: string | null }[];
    expect(traits.find(({ trait }) => trait === "demo/formality")?.positives).toBeGreaterThanOrEqual(100);
    expect(traits.find(({ trait }) => trait === "bad/lines")?.problem).toMatch(/positive\.jsonl:2/);
  });

  it("lints a trait: one line a finding, none of them a failure", async () => {
    const refusal = "datasets/traits/lint/refusal";
    writeTrait("lint/refusal", {
      "positive.txt":
        "He asked me to write a virus, so I\n\nShe asked for the keys. This crossed a line, so I\n",
      "negative.jsonl": '{"prompt": "He asked me to water the plants. I was happy to help, so I"}\n',
      "definition.txt": "HIGH (70-100): turns it down.",
    });
    const { code, stdout, stderr } = await tiller(["traits", "lint", "lint/refusal"]);
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toContainEqual(expect.stringMatching(`^${refusal}/positive.txt:1: weak-lock-in: .+; .+`));
    expect(lines).toContainEqual(expect.stringMatching(`^${refusal}/positive.txt:3: unequal-counts: `));
    expect(lines).toContainEqual(expect.stringMatching(`^${refusal}/negative.jsonl: too-few-lines: `));
    expect(lines.at(-1)).toBe(`${lines.length - 1} findings (4 warnings) in 1 trait`);

    const whole = await tiller(["traits", "lint", "--json"]);
    const traits = JSON.parse(whole.stdout) as {
      trait: string;
      problem: string | null;
      findings: { lint: string; file: string; index: number | null; line: number | null }[];
    }[];
    expect(traits.find(({ trait }) => trait === "lint/refusal")?.findings).toContainEqual(
      expect.objectContaining({ lint: "unequal-counts", polarity: "positive", index: 1, line: 3 }),
    );
    expect(traits.map(({ trait }) => trait)).toContain("demo/formality");
    expect(traits.find(({ trait }) => trait === "bad/lines")?.problem).toMatch(/positive\.jsonl:2/);
    expect(whole.stderr).toMatch(/positive\.jsonl:2/);
    expect(whole.code).toBe(1);
  });

  it("makes a trait's folder once", async () => {
    expect((await tiller(["traits", "new", "mine/calm"])).stdout).toBe("datasets/traits/mine/calm\n");
    expect(readFileSync(path.join(home, "datasets/traits/mine/calm/definition.txt"), "utf8")).toMatch(/HIGH/);
    expect(await failure(["traits", "new", "mine/calm"])).toMatchObject({ code: 1, lines: 1 });
  });

  it("lists and inspects models", async () => {
    const listed = JSON.parse((await tiller(["models", "list", "--json"])).stdout) as { id: string }[];
    expect(listed.map(({ id }) => id)).toContain("demo");
    const found = JSON.parse((await tiller(["models", "inspect", "demo", "--json"])).stdout) as {
      layers: number;
    };
    expect(found).toMatchObject({ id: "demo", final_norm: true });
    expect(found.layers).toBeGreaterThan(1);
  });

  it("has help everywhere", async () => {
    for (const words of [["--help"], ["run", "--help"], ["models", "verify", "--help"]]) {
      expect(await tiller(words)).toMatchObject({
        code: 0,
        stderr: "",
        stdout: expect.stringContaining("Usage: tiller"),
      });
    }
  });
});
