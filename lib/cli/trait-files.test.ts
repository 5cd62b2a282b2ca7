import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { startCli } from "#lib/testing/start-cli.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";

const home = temporaryFolder("tiller-cli-traits");
const given = temporaryFolder("tiller-given");
const SLOW = { timeout: 300_000 };

async function tiller(...words: string[]) {
  const child = startCli(home, words);
  const code = await child.ended;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

function give(name: string, text: string): string {
  writeFileSync(path.join(given, name), text);
  return path.join(given, name);
}

const disk = (trait: string, file: string) =>
  readFileSync(path.join(home, "datasets/traits", trait, file), "utf8");

describe("tiller traits", SLOW, () => {
  it("imports a table and gives it back as another, and as text files", async () => {
    const csv = give("pairs.csv", 'positive,negative\n"yes, so I",no\nsure,never\n');
    expect(await tiller("traits", "import", csv, "--as", "my/calm")).toEqual({
      code: 0,
      stdout: "datasets/traits/my/calm\n",
      stderr: "",
    });
    expect(disk("my/calm", "positive.txt")).toBe("yes, so I\nsure\n");
    const { stdout } = await tiller("traits", "export", "my/calm", "--format", "jsonl");
    expect(stdout).toBe('{"positive":"yes, so I","negative":"no"}\n{"positive":"sure","negative":"never"}\n');
    const out = path.join(given, "out");
    expect((await tiller("traits", "export", "my/calm", "--format", "txt", "-o", out)).code).toBe(0);
    const [positive, negative] = ["positive.txt", "negative.txt"].map((file) => path.join(out, file));
    const again = await tiller("traits", "import", negative ?? "", positive ?? "", "--as", "my/again");
    expect(again.code).toBe(0);
    expect(disk("my/again", "negative.txt")).toBe("no\nnever\n");
    expect((await tiller("traits", "export", "my/calm", "--format", "txt")).code).toBe(2);
  });

  it("imports folders of traits byte for byte, all or none", async () => {
    const source = path.join(given, "tree/other");
    for (const name of ["optimism", "refusal"])
      cpSync(path.resolve("datasets/traits/demo", name), path.join(source, name), { recursive: true });
    writeFileSync(path.join(source, "refusal/positive.txt"), "a\r\nb\r\n");
    const refused = await tiller("traits", "import", path.join(given, "tree"));
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(
      /refusal\/positive\.txt: 2 positive but \d+ negative.*nothing was imported/,
    );
    expect(existsSync(path.join(home, "datasets/traits/other"))).toBe(false);
    writeFileSync(path.join(source, "refusal/negative.txt"), "c\r\nd");
    const { stdout, stderr } = await tiller("traits", "import", path.join(given, "tree"));
    expect(stdout, stderr).toBe("datasets/traits/other/optimism\ndatasets/traits/other/refusal\n");
    expect(disk("other/refusal", "positive.txt")).toBe("a\r\nb\r\n");
    expect((await tiller("traits", "import", source)).stderr).toMatch(/other\/optimism is there already/);
  });

  it("says what is wrong where, a line each, and writes nothing", async () => {
    const bad = give("bad.csv", "positive,negative\na,b\n,c\nd,e,f\n");
    const { code, stdout, stderr } = await tiller("traits", "import", bad, "--as", "my/bad");
    expect([code, stdout, stderr.trimEnd().split("\n").length]).toEqual([1, "", 2]);
    expect(stderr).toMatch(/bad\.csv:3: positive: is blank\n.*bad\.csv:4: 3 cells for 2 columns/);
    expect(existsSync(path.join(home, "datasets/traits/my/bad"))).toBe(false);
    expect(await tiller("traits", "import", bad)).toMatchObject({ code: 2, stdout: "" });
    const odd = give("odd.csv", "x,y\n1,2\n");
    expect((await tiller("traits", "import", odd, "--as", "my/odd")).stderr).toMatch(/columns \(x, y\)/);
  });
});
