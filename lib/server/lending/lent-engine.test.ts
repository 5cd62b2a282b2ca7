import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { parsePosition } from "#lib/core/position.ts";
import type { GenerateRow } from "#lib/engine/contract.ts";
import type { Lender } from "#lib/engine/lending/messages.ts";
import { packResult } from "#lib/engine/lending/result.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { LendingHub } from "./hub.ts";
import { LentEngine } from "./lent-engine.ts";
import { readLentModel } from "./lent-model.ts";

const RUN = "run-1";
const ann: Lender = { id: "ann-12345", name: "ann", device: "wasm" };
const model = await readLentModel("demo", { home: temporaryFolder("tiller-lent") });
const { id, fingerprint, hidden } = model.description;

function start() {
  let leases = 0;
  const hub = new LendingHub({ now: () => new Date(0), randomId: () => `lease-${leases++}` });
  const engine = new LentEngine({ runId: RUN, device: "browser", model, hub, batchSize: 2 });
  /** Does every open batch; those that begin with token 7 and captures fail, as often as they are tried. */
  const opened = hub.changed();
  const lendAll = async () => {
    await opened;
    for (;;) {
      const offer = hub.lease(RUN, { lender: ann, models: [{ id, fingerprint }] });
      if (offer?.kind !== "batch") return;
      const { work } = offer.lease.batch;
      const [row] = work.rows;
      const tokens = row && "prompt" in row && "tokens" in row.prompt ? row.prompt.tokens : [7];
      if (tokens[0] === 7)
        hub.fail(offer.lease.id, new AppError("out-of-memory", "the tab's memory is full"));
      else {
        const rows = work.rows.map(() => ({
          responseTokens: [5],
          finish: "length" as const,
          alternatives: [],
        }));
        hub.complete(offer.lease.id, packResult({ kind: "generate", rows }, work, hidden));
      }
    }
  };
  return { engine, lendAll };
}

const rows = [1, 2, 7, 3, 4].map((token): GenerateRow => ({ prompt: { tokens: [token] }, maxNewTokens: 1 }));
const givenUp = (count: string) =>
  `a batch of ${count} failed 3 times, on ann (wasm): the tab's memory is full`;

describe("a lent call of which a batch fails for good", () => {
  it("fails that batch's rows and gives the others, to who listens", async () => {
    const { engine, lendAll } = start();
    const failed = new Map<number, string>();
    const answers = engine.generate(rows, { onRowFailed: (row, { message }) => failed.set(row, message) });
    await lendAll();
    expect((await answers).map(({ responseTokens }) => responseTokens)).toEqual([[5], [5], [], [], [5]]);
    expect([...failed]).toEqual([
      [2, givenUp("2 rows")],
      [3, givenUp("2 rows")],
    ]);
  });

  it("fails captured rows, whose values are no numbers", async () => {
    const { engine, lendAll } = start();
    const failed: number[] = [];
    const captured = engine.capture(
      {
        rows: [{ promptTokens: [1], responseTokens: [2] }],
        positions: [parsePosition("response[:]")],
        component: "residual",
        layers: [0, 1],
      },
      { onRowFailed: (row) => failed.push(row) },
    );
    await lendAll();
    const [row] = await captured;
    expect(row?.values).toEqual(new Float32Array(2 * hidden).fill(Number.NaN));
    expect(failed).toEqual([0]);
  });

  it("fails as a whole where nobody listens", async () => {
    const { engine, lendAll } = start();
    const answers = engine.generate(rows);
    await lendAll();
    await expect(answers).rejects.toMatchObject({ code: "out-of-memory", message: givenUp("2 rows") });
  });
});
