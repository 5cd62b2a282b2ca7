import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import type { GenerateRow } from "#lib/engine/contract.ts";
import type { Lender } from "#lib/engine/lending/messages.ts";
import { packResult } from "#lib/engine/lending/result.ts";
import type { Work } from "#lib/engine/lending/work.ts";
import type { LentDevice } from "#lib/engine/run-device.ts";
import { FakeEngine } from "#lib/testing/fake-engine.ts";
import { LendingHub } from "./hub.ts";

const RUN = "run-1";
const engine = new FakeEngine();
const model = engine.describe();
const models = [{ id: model.id, fingerprint: model.fingerprint }];
const ann: Lender = { id: "ann-12345", name: "ann", device: "webgpu" };
const bob: Lender = { id: "bob-12345", name: "bob", device: "wasm" };
const rows: GenerateRow[] = [{ prompt: { tokens: [1, 2] }, maxNewTokens: 3 }];
const work: Work = { kind: "generate", rows };

function start() {
  let time = Date.UTC(2026, 0, 1);
  let id = 0;
  const hub = new LendingHub({ now: () => new Date(time), randomId: () => `lease-${id++}` });
  const notices: string[] = [];
  const done: string[] = [];
  const submit = (device: LentDevice = "browser", signal?: AbortSignal) =>
    hub.submit(
      {
        runId: RUN,
        device,
        model,
        work,
        onNotice: (message) => notices.push(message),
        onDone: (lender, seconds) => done.push(`${lender.name} ${seconds}`),
      },
      signal,
    );
  const take = (lender: Lender, held = models) => hub.lease(RUN, { lender, models: held });
  const leaseOf = (lender: Lender): string => {
    const offer = take(lender);
    if (offer?.kind !== "batch") throw new Error(`${lender.name} got ${offer?.kind}`);
    return offer.lease.id;
  };
  const later = (seconds: number) => {
    time += seconds * 1000;
  };
  return { hub, submit, take, leaseOf, later, notices, done };
}

const row = { responseTokens: [5, 6], finish: "eos" as const, alternatives: [] };
const result = (tokens = row.responseTokens, count = 1) =>
  packResult(
    { kind: "generate", rows: Array.from({ length: count }, () => ({ ...row, responseTokens: tokens })) },
    work,
    model.hidden,
  );
const unknown = expect.objectContaining({ code: "not-found" });

describe("leases", () => {
  it("give each batch to one lender, the oldest first, and take its result", async () => {
    const { hub, submit, take, leaseOf, later, done } = start();
    const first = submit();
    const second = submit();
    const a = leaseOf(ann);
    const b = leaseOf(bob);
    expect(take({ ...bob, id: "third-123" })).toBeNull();
    later(2);
    hub.complete(b, result([7]));
    hub.complete(a, result([8, 9]));
    expect(await first).toMatchObject({ rows: [{ responseTokens: [8, 9] }] });
    expect(await second).toMatchObject({ rows: [{ responseTokens: [7] }] });
    expect(done).toEqual(["bob 2", "ann 2"]);
  });

  it("say which model to load, refuse one with other files, and heed the device", async () => {
    const { submit, take, notices } = start();
    void submit("browser-webgpu");
    expect(take(bob)).toBeNull();
    expect(take(ann, [])).toMatchObject({ kind: "load", batch: { model: { id: "fake" } } });
    const other = [{ id: "fake", fingerprint: "fake-2" }];
    for (let asked = 0; asked < 2; asked++)
      expect(() => take(ann, other)).toThrow(expect.objectContaining({ code: "conflict" }));
    expect(notices).toEqual(["ann (webgpu) cannot help: its files of model fake are not the run's"]);
    expect(take(ann)).toMatchObject({ kind: "batch" });
  });

  it("of another run are out of reach", () => {
    const { hub, submit } = start();
    void submit();
    expect(hub.lease("run-2", { lender: ann, models })).toBeNull();
  });

  it("last as long as beats come, and then the batch goes to another", async () => {
    const { hub, submit, take, leaseOf, later, notices } = start();
    const answer = submit();
    const a = leaseOf(ann);
    hub.beat(a);
    for (let beats = 0; beats < 5; beats++) {
      later(29);
      hub.beat(a);
    }
    expect(take(bob)).toBeNull();
    later(30);
    expect(() => hub.beat(a)).toThrow(unknown);
    const b = leaseOf(bob);
    expect(() => hub.complete(a, result([1]))).toThrow(unknown);
    hub.complete(b, result([2]));
    expect(await answer).toMatchObject({ rows: [{ responseTokens: [2] }] });
    expect(notices).toEqual(["ann (webgpu) left: its batch of 1 row is given out again"]);
  });

  it("end soon after a connection broke, unless the lender comes back", () => {
    const { hub, submit, take, leaseOf, later } = start();
    void submit();
    const a = leaseOf(ann);
    hub.disconnected(a);
    later(4);
    hub.beat(a);
    later(4);
    expect(take(bob)).toBeNull();
    hub.disconnected(a);
    later(5);
    expect(leaseOf(bob)).not.toBe(a);
  });

  it("end soon when not even a first beat comes", () => {
    const { submit, take, leaseOf, later } = start();
    void submit();
    leaseOf(ann);
    later(9);
    expect(take(bob)).toBeNull();
    later(1);
    expect(take(bob)).toMatchObject({ kind: "batch" });
  });

  it("end when their lender asks for work anew: the first answer never reached it", () => {
    const { hub, submit, leaseOf } = start();
    void submit();
    const lost = leaseOf(ann);
    const found = leaseOf(ann);
    expect(hub.holds(lost)).toBe(false);
    expect(hub.holds(found)).toBe(true);
  });

  it("end when the run stops", async () => {
    const { hub, submit, leaseOf } = start();
    const controller = new AbortController();
    const answer = submit("browser", controller.signal);
    const a = leaseOf(ann);
    const changed = hub.changed();
    controller.abort();
    await changed;
    await expect(answer).rejects.toMatchObject({ code: "aborted" });
    expect(hub.holds(a)).toBe(false);
    await expect(submit("browser", controller.signal)).rejects.toMatchObject({ code: "aborted" });
  });

  it("are not known when made up", () => {
    const { hub } = start();
    expect(() => hub.beat("made-up")).toThrow(unknown);
    expect(() => hub.complete("made-up", result())).toThrow(unknown);
    expect(() => hub.fail("made-up", new AppError("internal", "x"))).toThrow(unknown);
  });
});

describe("a batch that fails", () => {
  const broken = () => new AppError("out-of-memory", "the tab's memory is full");

  it("goes to another lender first, and after three tries fails with the reason and where", async () => {
    const { hub, submit, take, leaseOf, notices } = start();
    const answer = submit();
    expect(take(bob, [])).toMatchObject({ kind: "load" });
    hub.fail(leaseOf(ann), broken());
    expect(take(ann)).toBeNull();
    hub.fail(leaseOf(bob), broken());
    hub.fail(leaseOf(ann), broken());
    await expect(answer).rejects.toMatchObject({
      code: "out-of-memory",
      message: "a batch of 1 row failed 3 times, on ann (webgpu), bob (wasm): the tab's memory is full",
    });
    expect(notices).toHaveLength(3);
    expect(take(bob)).toBeNull();
  });

  it("is tried again by the only lender there is", async () => {
    const { hub, submit, leaseOf, later } = start();
    const answer = submit();
    leaseOf(bob);
    later(60);
    for (let tries = 0; tries < 3; tries++) hub.fail(leaseOf(ann), broken());
    await expect(answer).rejects.toMatchObject({ code: "out-of-memory" });
  });

  it("does not count what was only given back", async () => {
    const { hub, submit, leaseOf } = start();
    const answer = submit();
    for (let tries = 0; tries < 5; tries++)
      hub.fail(leaseOf(ann), new AppError("aborted", "the tab was closed"));
    hub.complete(leaseOf(ann), result());
    expect(await answer).toMatchObject({ rows: [{ responseTokens: [5, 6] }] });
  });

  it.each([
    ["bytes of anything", new Uint8Array([1, 2, 3]), "too few for a header"],
    ["too few rows", result([1], 2), "2 rows for a batch of 1"],
    ["more tokens than asked", result([1, 2, 3, 4]), "4 new tokens, more than 3"],
    ["a token of another vocabulary", result([1_000]), "beyond the vocabulary of 1000"],
  ])("counts a wrong result: %s", async (_, bytes, problem) => {
    const { hub, submit, leaseOf } = start();
    const answer = submit();
    expect(() => hub.complete(leaseOf(ann), bytes)).toThrow(problem);
    hub.complete(leaseOf(ann), result());
    expect(await answer).toMatchObject({ rows: [{ responseTokens: [5, 6] }] });
  });
});
