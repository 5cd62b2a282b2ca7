import type { RunEvent } from "#lib/pipeline/events.ts";
import type { ArtifactStore, Ledger, LedgerEntry, PipelinePorts } from "#lib/pipeline/ports.ts";
import { evaluateLayer, extractLayer } from "#lib/vectors/layer.ts";
import { FakeEngine } from "./fake-engine.ts";
import { FakeJudge, MemoryCache, noWaiting } from "./fake-judge.ts";

export class MemoryStore implements ArtifactStore {
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();

  async read(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.files.get(path)?.slice() ?? null;
  }
  async readText(path: string): Promise<string | null> {
    const bytes = this.files.get(path);
    return bytes ? new TextDecoder().decode(bytes) : null;
  }
  async write(path: string, data: Uint8Array | string): Promise<void> {
    this.files.set(path, bytesOf(data));
  }
  async update(path: string, change: (before: string | null) => string | Promise<string>): Promise<string> {
    const after = await change(await this.readText(path));
    await this.write(path, after);
    return after;
  }
  async append(path: string, text: string): Promise<void> {
    this.files.set(path, bytesOf(((await this.readText(path)) ?? "") + text));
  }
  async list(prefix: string): Promise<string[]> {
    return [...this.files.keys()].filter((path) => path.startsWith(`${prefix}/`)).sort();
  }
  async remove(path: string): Promise<void> {
    this.files.delete(path);
  }
  async stat(path: string) {
    const bytes = this.files.get(path);
    return bytes ? { bytes: bytes.length, modified: new Date(0) } : null;
  }
}

function bytesOf(data: Uint8Array | string): Uint8Array<ArrayBuffer> {
  return typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
}

export class MemoryLedger implements Ledger {
  readonly held = new Map<string, string>();

  async finished(keys: string[]): Promise<Map<string, unknown>> {
    return new Map(
      keys.flatMap((key) => {
        const value = this.held.get(key);
        return value === undefined ? [] : [[key, JSON.parse(value)] as const];
      }),
    );
  }
  async record(entries: LedgerEntry[]): Promise<void> {
    for (const { key, value } of entries) if (!this.held.has(key)) this.held.set(key, JSON.stringify(value));
  }
}

export interface FakeWorld {
  ports: PipelinePorts;
  store: MemoryStore;
  ledger: MemoryLedger;
  cache: MemoryCache;
  engine: FakeEngine;
  judge: FakeJudge;
  events: RunEvent[];
}

/** Everything that outlives a process is passed in to make a second one on the same files. */
export interface FakeWorldOptions {
  store?: MemoryStore;
  ledger?: MemoryLedger;
  cache?: MemoryCache;
  engine?: FakeEngine;
  judge?: FakeJudge;
}

/** In-memory ports of the pipeline; vectors are computed by the real numerics. The clock ticks one second a reading. */
export function fakeWorld(options: FakeWorldOptions = {}): FakeWorld {
  const store = options.store ?? new MemoryStore();
  const ledger = options.ledger ?? new MemoryLedger();
  const cache = options.cache ?? new MemoryCache();
  const engine = options.engine ?? new FakeEngine();
  const judge = options.judge ?? new FakeJudge();
  const events: RunEvent[] = [];
  let seconds = 0;
  const { layers, hidden, hasChatTemplate, fingerprint, files } = engine.describe();
  const ports: PipelinePorts = {
    artifacts: store,
    ledger,
    models: { identify: async (id) => ({ id, fingerprint, files, layers, hidden, hasChatTemplate }) },
    engines: { load: async () => engine },
    judges: { open: async () => ({ transport: judge, cache, ports: noWaiting }) },
    compute: {
      extractLayer: async (job) => extractLayer(job),
      evaluateLayer: async (job) => evaluateLayer(job),
    },
    emit: (event) => events.push(event),
    now: () => new Date(Date.UTC(2026, 0, 1) + 1000 * seconds++),
    codeVersion: "test",
  };
  return { ports, store, ledger, cache, engine, judge, events };
}
