import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { startJudgeServer } from "#lib/testing/judge-server.ts";
import { startCli } from "#lib/testing/start-cli.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { ranges } from "./commands/vet.ts";

const TRAIT = "mine/hope";

describe("tiller vet", () => {
  it("names what failed in few characters", () => {
    expect(ranges([3, 17, 19, 18])).toBe("4,18-20");
    expect(ranges([])).toBe("");
  });

  it("judges only what was changed, and refuses where all would be judged", {
    timeout: 300_000,
  }, async () => {
    const home = temporaryFolder("tiller-vet");
    const judge = await startJudgeServer();
    const folder = path.join(home, "datasets/traits", TRAIT);
    mkdirSync(folder, { recursive: true });
    mkdirSync(path.join(home, "experiments/mine"), { recursive: true });
    const config = { extraction_model: "demo", judge: judge.url, judge_model: "counter", traits: [TRAIT] };
    writeFileSync(path.join(home, "experiments/mine/config.json"), JSON.stringify(config));
    const write = (file: string, lines: string[]) =>
      writeFileSync(path.join(folder, file), `${lines.join("\n")}\n`);
    write("positive.txt", ["all will be better, I hope, and", "it is a day", "it is a night"]);
    write("negative.txt", ["it is all doom and gloom", "all is lost and worse", "better and bright"]);
    write("definition.txt", ["HIGH: hope. LOW: doom."]);
    const tiller = async (...words: string[]) => {
      const asked = judge.answers.size;
      const child = startCli(home, ["vet", ...words, "--experiment", "mine"]);
      const code = await child.ended;
      // The probe that shows how this judge writes numbers is asked once a process.
      const calls = [...judge.answers.keys()].filter((prompt) => !prompt.includes("100 85 37")).length;
      return { code, out: child.stdout(), err: child.stderr(), asked, calls };
    };

    expect(await tiller("failed")).toMatchObject({ code: 1, err: expect.stringContaining("vet scenarios") });
    const first = await tiller("scenarios");
    expect(first, first.err).toMatchObject({ code: 0, calls: 6 });
    expect(first.out).toContain("mine/hope scenarios: 50 % passed; failed: + 2-3 − 3");

    write("positive.txt", ["all will be better, I hope, and", "it is a day", "a bright and better night"]);
    const second = await tiller("scenarios", "--changed");
    expect(second, second.err).toMatchObject({ code: 0, calls: 7 });
    expect((await tiller("failed")).out).toBe("mine/hope scenarios: 67 % passed; failed: + 2 − 3\n");
    const rounds = readFileSync(
      path.join(home, "experiments/mine/extraction", TRAIT, "vetting/rounds.jsonl"),
      "utf8",
    );
    expect(
      rounds
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).judged),
    ).toEqual([6, 1]);

    write("definition.txt", ["HIGH: hope. LOW: despair."]);
    const refused = await tiller("scenarios", "--changed");
    expect(refused).toMatchObject({ code: 1, calls: 7 });
    expect(refused.err).toMatch(/0 scenarios were changed, but 6 would be judged.*leave --changed out/);
    const listed = await tiller("failed", "--json");
    expect(JSON.parse(listed.out)).toMatchObject([
      { trait: TRAIT, kind: "scenario", failed_indices: { positive: [1], negative: [2] } },
    ]);
    await judge.close();
  });
});
