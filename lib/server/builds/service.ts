import type { BuildAction, BuildKindName, BuildRecord, BuildSnapshot } from "#lib/builds/api.ts";
import type { OutputFolder } from "#lib/builds/ports.ts";
import { emptyProgress, ProgressTracker } from "#lib/builds/progress.ts";
import { AppError } from "#lib/core/errors.ts";
import { isLent } from "#lib/engine/run-device.ts";
import type { RunState } from "#lib/pipeline/api.ts";
import { type Log, publicError } from "../log.ts";
import type { Teachers } from "../teachers.ts";
import type { BuildFolders } from "./folders.ts";
import type { BuildKind, BuildKinds, BuildPlaces } from "./kinds.ts";
import { lockOutput, openOutput } from "./output.ts";
import { readRecord, writeRecord } from "./record.ts";
import type { BuildUploads } from "./uploads.ts";

export interface BuildServiceOptions {
  home: string;
  folders: BuildFolders;
  uploads: BuildUploads;
  teachers: Teachers;
  hubToken: BuildPlaces["hubToken"];
  kinds: BuildKinds;
  now(): Date;
  log: Log;
}

interface Active {
  kind: BuildKindName;
  name: string;
  record: BuildRecord;
  controller: AbortController;
  ended: Promise<void>;
}

/** How often progress reaches build.json, in milliseconds: what a page sees of a build that was killed. */
const SAVE_INTERVAL = 2_000;
const RUN_STATES = {
  running: "running",
  done: "done",
  stopped: "paused",
  failed: "failed",
} as const satisfies Record<BuildSnapshot["state"], RunState>;

/** Builds as jobs of this server: each writes a folder `datasets/{kind}/{name}`, whose build.json tells its state. */
export class BuildService {
  readonly #options: BuildServiceOptions;
  readonly #active = new Map<string, Active>();

  constructor(options: BuildServiceOptions) {
    this.#options = options;
  }

  /** Of a kind, the newest first. */
  async list(kind: BuildKindName): Promise<BuildSnapshot[]> {
    const names = await this.#options.folders.names(kind);
    const found = await Promise.all(
      names.map(async (name) => {
        const record = await this.#record(kind, name);
        return record ? [this.#snapshot(kind, name, record)] : [];
      }),
    );
    return found.flat().sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
  }

  /** Throws `not-found`. */
  async get(kind: BuildKindName, name: string): Promise<BuildSnapshot> {
    return this.#snapshot(kind, name, await this.#require(kind, name));
  }

  /** Begins a build. Throws `conflict` where the name is taken, and what the request and its teacher are refused for. */
  async create(kind: BuildKindName, name: string, given: unknown): Promise<BuildSnapshot> {
    const builder = this.#kind(kind);
    const request = builder.schema.parse(given);
    const output = openOutput(this.#options.folders.locate(kind, name));
    if (await readRecord(output)) {
      throw new AppError("conflict", `there is a build ${name} already: choose another name`);
    }
    await this.#teacher(kind, name, builder, request, new AbortController().signal);
    const record: BuildRecord = {
      state: "running",
      request,
      progress: emptyProgress(),
      error: null,
      created_at: this.#options.now().toISOString(),
      ended_at: null,
    };
    await this.#start(kind, name, record);
    await this.#options.uploads.dropPartial(kind, name);
    return this.get(kind, name);
  }

  /** Throws `not-found`, `conflict` where the build's state does not allow it. */
  async act(kind: BuildKindName, name: string, action: BuildAction): Promise<BuildSnapshot> {
    await this.#settled();
    const active = this.#active.get(keyOf(kind, name));
    const record = await this.#require(kind, name);
    if (action === "stop") {
      if (!active) throw new AppError("conflict", `build ${name} is ${record.state}: it cannot be stopped`);
      active.controller.abort("stop");
      await active.ended;
    } else {
      // Items that failed are asked again.
      const over = record.state === "done" && record.progress.failures.length === 0;
      if (active || over) {
        throw new AppError("conflict", `build ${name} is ${record.state}: it cannot be resumed`);
      }
      await this.#start(kind, name, { ...record, state: "running", error: null, ended_at: null });
    }
    return this.get(kind, name);
  }

  /** Goes on with another request over the same folder: what is done there stays. Throws `conflict` while it runs. */
  async continueWith(kind: BuildKindName, name: string, given: unknown): Promise<BuildSnapshot> {
    await this.#settled();
    const record = await this.#require(kind, name);
    if (this.#active.has(keyOf(kind, name))) {
      throw new AppError("conflict", `build ${name} is running: stop it, or wait until it ends`);
    }
    const request = this.#kind(kind).schema.parse(given);
    await this.#start(kind, name, { ...record, request, state: "running", error: null, ended_at: null });
    return this.get(kind, name);
  }

  /** The builds that are running now; every other one has let go of its folder. */
  async running(): Promise<Pick<Active, "kind" | "name" | "record">[]> {
    await this.#settled();
    return [...this.#active.values()];
  }

  /** Goes on with what a server that died left running. */
  async recover(): Promise<void> {
    for (const kind of Object.keys(this.#options.kinds) as BuildKindName[]) {
      for (const name of await this.#options.folders.names(kind)) {
        try {
          const record = await this.#record(kind, name);
          if (record?.state === "running") await this.#start(kind, name, record);
        } catch (error) {
          this.#options.log.error("a build could not go on", error, { kind, name });
        }
      }
    }
  }

  async stopAll(): Promise<void> {
    const running = [...this.#active.values()];
    for (const { controller } of running) controller.abort("interrupt");
    await Promise.all(running.map(({ ended }) => ended));
  }

  /** What lenders are told; null where the id is no build's. Throws `not-found`. */
  async stateOf(runId: string): Promise<RunState | null> {
    const [, kind, name] = /^build-(caa|refinery)-(.+)$/.exec(runId) ?? [];
    if (kind === undefined || name === undefined) return null;
    return RUN_STATES[(await this.get(kind as BuildKindName, name)).state];
  }

  async #start(kind: BuildKindName, name: string, record: BuildRecord): Promise<void> {
    const key = keyOf(kind, name);
    const output = lockOutput(this.#options.folders.locate(kind, name), "the Tiller server");
    const controller = new AbortController();
    const active: Active = { kind, name, record, controller, ended: Promise.resolve() };
    this.#active.set(key, active);
    try {
      await writeRecord(output, record);
    } catch (error) {
      this.#active.delete(key);
      output.release();
      throw error;
    }
    active.ended = this.#work(kind, name, active, output).finally(() => {
      this.#active.delete(key);
      output.release();
    });
  }

  /** Never rejects: build.json tells how it ended. */
  async #work(kind: BuildKindName, name: string, active: Active, output: OutputFolder): Promise<void> {
    const { now, log, home, hubToken } = this.#options;
    const { signal } = active.controller;
    const builder = this.#kind(kind);
    let saved = active.record;
    const progress = new ProgressTracker(now, (next) => {
      active.record = { ...active.record, progress: next };
    });
    const save = async () => {
      if (saved === active.record) return;
      saved = active.record;
      await writeRecord(output, saved);
    };
    let saving = Promise.resolve();
    const timer = setInterval(() => {
      saving = saving.then(save).catch((error: unknown) => log.error("a build's state was not saved", error));
    }, SAVE_INTERVAL);
    const end = (state: BuildRecord["state"], error: BuildRecord["error"] = null) => {
      active.record = { ...active.record, state, error, ended_at: now().toISOString() };
    };
    log.info("build started", { kind, name });
    try {
      const { request } = active.record;
      const teacher = await this.#teacher(kind, name, builder, request, signal, (said) =>
        progress.notice(said),
      );
      const ports = { output, teacher, progress, now, signal };
      const folder = this.#options.folders.locate(kind, name);
      await builder.run(request, ports, { home, folder, hubToken });
      end("done");
    } catch (thrown) {
      // A server that shuts down leaves it running: the next one goes on.
      if (signal.aborted && signal.reason === "stop") end("stopped");
      else if (!signal.aborted) {
        log.error("a build failed", thrown, { kind, name });
        end("failed", publicError(thrown, log).toJSON());
      }
    }
    clearInterval(timer);
    await saving;
    await save().catch((error: unknown) => log.error("a build's end was not saved", error));
    log.info("build ended", { kind, name, state: active.record.state });
  }

  /** Resolves when each build whose state says that it has ended has let go of its folder. */
  async #settled(): Promise<void> {
    const ended = [...this.#active.values()].filter(({ record }) => record.state !== "running");
    await Promise.all(ended.map((active) => active.ended));
  }

  #teacher(
    kind: BuildKindName,
    name: string,
    builder: BuildKind,
    request: unknown,
    signal: AbortSignal,
    onProgress: (said: string) => void = () => {},
  ) {
    return this.#options.teachers.open(builder.teacherOf(request), {
      runId: runIdOf(kind, name),
      signal,
      onProgress,
    });
  }

  #snapshot(kind: BuildKindName, name: string, record: BuildRecord): BuildSnapshot {
    const { device, provider } = this.#kind(kind).teacherOf(record.request);
    return {
      kind,
      name,
      ...record,
      run_id: runIdOf(kind, name),
      device: provider === "builtin" && isLent(device) ? device : null,
    };
  }

  async #record(kind: BuildKindName, name: string): Promise<BuildRecord | null> {
    return (
      this.#active.get(keyOf(kind, name))?.record ??
      readRecord(openOutput(this.#options.folders.locate(kind, name)))
    );
  }

  async #require(kind: BuildKindName, name: string): Promise<BuildRecord> {
    const record = await this.#record(kind, name);
    if (record) return record;
    throw new AppError("not-found", `build ${JSON.stringify(name)} is not known`);
  }

  #kind(kind: BuildKindName): BuildKind {
    const found = this.#options.kinds[kind];
    if (found) return found;
    throw new AppError("not-found", `no builder ${JSON.stringify(kind)}`);
  }
}

function keyOf(kind: BuildKindName, name: string): string {
  return `${kind}/${name}`;
}

function runIdOf(kind: BuildKindName, name: string): string {
  return `build-${kind}-${name}`;
}
