import { describe, expect, it } from "vitest";
import { engineLoader } from "#lib/testing/engine-models.ts";
import type { FromWorker, ToWorker, WorkerLink } from "./protocol.ts";
import { RemoteEngine } from "./remote-engine.ts";
import { serveEngine } from "./serve-engine.ts";

const load = engineLoader();

/** Workers in this thread; the first `failures` of them end before the second token of a generation arrives. */
function mortalWorkers(failures: number) {
  let started = 0;
  const connect = (): WorkerLink<null> => {
    const mortal = started++ < failures;
    let toWorker: (message: ToWorker<null>) => void = () => undefined;
    let fromWorker: (message: FromWorker) => void = () => undefined;
    let gone: (reason: string) => void = () => undefined;
    let tokens = 0;
    let alive = true;
    const end = (reason: string) => {
      alive = false;
      gone(reason);
    };
    serveEngine<null>(
      {
        post(message) {
          if (mortal && message.type === "token" && tokens++ === 1) end("it broke");
          if (alive) fromWorker(message);
        },
        onMessage: (handler) => {
          toWorker = handler;
        },
      },
      () => load("demo"),
      () => end("it was asked to"),
    );
    return {
      post: (message) => toWorker(message),
      onMessage: (handler) => {
        fromWorker = handler;
      },
      onGone: (handler) => {
        gone = handler;
      },
      busy: () => undefined,
      close: async () => end("it was closed"),
    };
  };
  return { connect, started: () => started };
}

const rows = [{ prompt: { text: "The baker opened the shop and" }, maxNewTokens: 6 }];

describe("a call whose worker stops", () => {
  it("is given to new workers as often as allowed, and tells each token once", async () => {
    const sound = await RemoteEngine.load(mortalWorkers(0).connect, null);
    const expected: number[] = [];
    const answers = await sound.generate(rows, { onToken: (_, token) => expected.push(token) });
    const workers = mortalWorkers(2);
    const engine = await RemoteEngine.load(workers.connect, null, { retries: 2 });
    const notices: string[] = [];
    const told: number[] = [];
    const given = await engine.generate(rows, {
      onNotice: (message) => notices.push(message),
      onToken: (_, token) => told.push(token),
    });
    expect(given).toEqual(answers);
    expect(told).toEqual(expected);
    expect(told).toHaveLength(6);
    expect(notices).toEqual(
      Array(2).fill(expect.stringMatching(/stopped: it broke; the batch starts again/)),
    );
    expect(workers.started()).toBe(3);
  });

  it("fails with a retryable error when a retry is not allowed any more, and after an abort", async () => {
    const engine = await RemoteEngine.load(mortalWorkers(5).connect, null, { retries: 1 });
    const listen = { onToken: () => undefined };
    await expect(engine.generate(rows, listen)).rejects.toMatchObject({ code: "internal", retryable: true });
    const controller = new AbortController();
    const stopped = engine.generate(rows, { onToken: () => controller.abort(), signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  });
});
