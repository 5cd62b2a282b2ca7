import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { parsePosition } from "#lib/core/position.ts";
import { engineLoader } from "#lib/testing/engine-models.ts";
import type { CaptureRequest, Engine, GenerateRow } from "./contract.ts";
import { TeamEngine } from "./team-engine.ts";

const load = engineLoader();

const row = (text: string, maxNewTokens = 5): GenerateRow => ({ prompt: { text }, maxNewTokens });
const rows = [
  row("The baker opened the shop and"),
  row("It rained all day. Tom", 7),
  { ...row("On Monday the", 6), sampling: { temperature: 2, topP: 0.9 }, seed: 3 },
  row("The"),
  row("Anna looked at the letter and", 3),
];

async function captureRequest(engine: Engine): Promise<CaptureRequest> {
  const answers = await engine.generate(rows);
  return {
    rows: answers.map(({ promptTokens, responseTokens }) => ({ promptTokens, responseTokens })),
    positions: [parsePosition("response[:]"), parsePosition("prompt[-1]")],
    component: "residual",
    layers: [0, 2],
  };
}

/** A team of `size` in this thread, and how often it opened a member after the first. */
async function team(size: number, open: () => Promise<Engine> = () => load("demo")) {
  let opened = 0;
  const engine = new TeamEngine(
    await load("demo"),
    () => {
      opened++;
      return open();
    },
    size,
  );
  return { engine, opened: () => opened };
}

describe("a team of engines", () => {
  it("gives the tokens and the very bits of one engine, in the rows' order", async () => {
    const alone = await load("demo");
    const { engine, opened } = await team(3);
    expect(await engine.generate(rows)).toEqual(await alone.generate(rows));
    const request = await captureRequest(alone);
    expect(await engine.capture(request)).toEqual(await alone.capture(request));
    expect(opened()).toBe(2);
  });

  it("tells tokens by the row of the whole call", async () => {
    const { engine } = await team(2);
    const told = rows.map((): number[] => []);
    const answers = await engine.generate(rows, { onToken: (at, token) => told[at]?.push(token) });
    expect(told).toEqual(answers.map(({ responseTokens }) => responseTokens));
  });

  it("opens no member that has nothing to do", async () => {
    const { engine, opened } = await team(4);
    expect(await engine.generate([])).toEqual([]);
    await engine.generate(rows.slice(0, 1));
    expect(opened()).toBe(0);
    await Promise.all([engine.generate(rows.slice(0, 1)), engine.generate(rows.slice(1, 2))]);
    expect(opened()).toBe(1);
  });

  it("names a wrong row by its number in the whole call", async () => {
    const { engine } = await team(2);
    await expect(engine.generate([...rows, row("x", 0)])).rejects.toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("row 6: maxNewTokens is 0"),
    });
  });

  it("stops the other shares when one fails, with that share's error, and opens a lost member anew", async () => {
    const refusals = [new AppError("model-load", "it does not open")];
    const { engine, opened } = await team(2, async () => {
      const refusal = refusals.pop();
      if (refusal) throw refusal;
      return load("demo");
    });
    const endless = rows.map((given) => ({
      ...given,
      sampling: { temperature: 3, topP: 1 },
      maxNewTokens: 400,
    }));
    await expect(engine.generate(endless)).rejects.toMatchObject({ code: "model-load" });
    expect(await engine.generate(rows)).toHaveLength(rows.length);
    expect(opened()).toBe(2);
  });

  it("plans for all its members and stops with the caller's signal", async () => {
    const alone = await load("demo");
    const { engine } = await team(2);
    const plan = await alone.planBatch("extraction", 20);
    const planned = await engine.planBatch("extraction", 20);
    expect(planned.size).toBe(2 * plan.size);
    expect(planned.diagnostic).toMatch(/^Auto batch size: \d+ \(mode=extraction, .* in each of 2 workers$/);
    await expect(engine.generate(rows, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  it("answers nothing once it is closed", async () => {
    const alone = await load("demo");
    const engine = new TeamEngine(
      { ...alone, dispose: async () => undefined } as Engine,
      () => load("demo"),
      2,
    );
    await engine.dispose();
    await expect(engine.generate(rows)).rejects.toThrow(/was closed/);
  });
});
