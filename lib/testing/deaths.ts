import type { PipelinePorts } from "#lib/pipeline/ports.ts";
import { FakeEngine } from "./fake-engine.ts";
import { FakeJudge, MemoryCache } from "./fake-judge.ts";
import { type FakeWorld, fakeWorld, MemoryLedger, MemoryStore } from "./fake-ports.ts";

/** What a process leaves behind that is killed at one moment, and what it had asked of model and judge by then. */
export interface Death {
  /** The deed it was about to do: `write experiments/…`, `generate`, `judge` … */
  deed: string;
  files: Map<string, Uint8Array<ArrayBuffer>>;
  ledger: Map<string, string>;
  cache: MemoryCache["held"];
  generated: number;
  captured: number;
  judged: number;
}

/**
 * The world's ports, noting before every deed (a write, a record, a generation, a judgement, a computation) what a kill
 * would leave just then. Reads are no moments of their own: a process that dies at one leaves what it leaves when it
 * dies before its next deed; so does one that dies right after a deed. Before an append, a kill that cuts it is noted,
 * too: half of its text is there.
 */
export function notingDeaths(world: FakeWorld): { ports: PipelinePorts; deaths: Death[] } {
  const { ports, store, ledger, cache, engine, judge } = world;
  const deaths: Death[] = [];
  // How much has changed so far: moments between two changes leave the same, only the last of them is kept.
  let changes = 0;
  let noted = -1;
  const note = (deed: string, files = new Map(store.files)) => {
    if (noted === changes && !deed.startsWith("torn")) deaths.pop();
    noted = deed.startsWith("torn") ? -1 : changes;
    deaths.push({
      deed,
      files,
      ledger: new Map(ledger.held),
      cache: new Map(cache.held),
      generated: engine.generated.length,
      captured: engine.capturedRows,
      judged: judge.requests.length,
    });
  };
  const deed = async <T>(name: string, work: () => Promise<T>, changing = false): Promise<T> => {
    note(name);
    const value = await work();
    if (changing) changes += 1;
    return value;
  };
  const { artifacts } = ports;
  return {
    deaths,
    ports: {
      ...ports,
      artifacts: {
        read: (path) => artifacts.read(path),
        readText: (path) => artifacts.readText(path),
        list: (prefix) => artifacts.list(prefix),
        stat: (path) => artifacts.stat(path),
        write: (path, data) => deed(`write ${path}`, () => artifacts.write(path, data), true),
        update: (path, change) => deed(`update ${path}`, () => artifacts.update(path, change), true),
        remove: (path) => deed(`remove ${path}`, () => artifacts.remove(path), true),
        async append(path, text) {
          const whole = (await artifacts.readText(path)) ?? "";
          const torn = new TextEncoder().encode(whole + text.slice(0, text.length / 2));
          note(`torn append ${path}`, new Map(store.files).set(path, torn));
          return deed(`append ${path}`, () => artifacts.append(path, text), true);
        },
      },
      ledger: {
        finished: (keys) => ledger.finished(keys),
        record: (entries) => deed("record", () => ledger.record(entries), true),
      },
      engines: {
        load: async () =>
          Object.assign(Object.create(engine), {
            describe: () => engine.describe(),
            encode: engine.encode.bind(engine),
            encodeText: engine.encodeText.bind(engine),
            planBatch: engine.planBatch.bind(engine),
            generate: (...call: Parameters<FakeEngine["generate"]>) =>
              deed("generate", () => engine.generate(...call)),
            capture: (...call: Parameters<FakeEngine["capture"]>) =>
              deed("capture", () => engine.capture(...call)),
          }),
      },
      judges: {
        async open(settings) {
          const opened = await ports.judges.open(settings);
          const { id, model, promptSet, price } = opened.transport;
          return {
            ...opened,
            transport: {
              id,
              model,
              promptSet,
              price,
              complete: (request) => deed("judge", () => judge.complete(request)),
            },
            cache: {
              get: (keys) => cache.get(keys),
              put: (entries) => deed("keep judgement", () => cache.put(entries), true),
            },
          };
        },
      },
      compute: {
        extractLayer: (job) => deed("extract", () => ports.compute.extractLayer(job)),
        evaluateLayer: (job) => deed("evaluate", () => ports.compute.evaluateLayer(job)),
      },
    },
  };
}

/** A new process on what a killed one left; its engine and judge count from zero. */
export function worldAfter(death: Death, batch: number): FakeWorld {
  const store = new MemoryStore();
  const ledger = new MemoryLedger();
  const cache = new MemoryCache();
  for (const [path, bytes] of death.files) store.files.set(path, bytes);
  for (const [key, value] of death.ledger) ledger.held.set(key, value);
  for (const [key, value] of death.cache) cache.held.set(key, value);
  return fakeWorld({ store, ledger, cache, engine: new FakeEngine({ batch }), judge: new FakeJudge() });
}
