import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { DatasetResults } from "#lib/caa/results.ts";
import type { ModelCatalog, PipelinePorts } from "#lib/pipeline/ports.ts";
import { AuthoringService } from "./authoring/service.ts";
import { createWriters } from "./authoring/writers.ts";
import { builders } from "./builds/all-kinds.ts";
import { BuildBin } from "./builds/bin.ts";
import { BuildFolders } from "./builds/folders.ts";
import { BuildService } from "./builds/service.ts";
import { BuildUploads } from "./builds/uploads.ts";
import { EndpointAccess } from "./chat/access.ts";
import { Presets } from "./chat/presets.ts";
import { ChatService } from "./chat/service.ts";
import { createComputePool } from "./compute/pool.ts";
import { createJudgementCache } from "./database/judgements.ts";
import { createLedger } from "./database/ledger.ts";
import { openDatabase } from "./database/open.ts";
import { createRunRepository } from "./database/runs.ts";
import { createSettingsRepository } from "./database/settings.ts";
import { createNodeEngines } from "./engine/engines.ts";
import { createModelCatalog } from "./engine/model-catalog.ts";
import { findModelFolder } from "./engine/model-folder.ts";
import { prepareHome } from "./home.ts";
import { createHubToken, type HubToken } from "./hub-token.ts";
import { createJudgeKeys, type JudgeKeys } from "./judge-keys.ts";
import { createJudges } from "./judges.ts";
import { LendingHub } from "./lending/hub.ts";
import { createRunEngines } from "./lending/run-engines.ts";
import { LendingService } from "./lending/service.ts";
import { type Log, openLog } from "./log.ts";
import { projectRoot } from "./paths.ts";
import { requeue, settleAbandoned } from "./queue/recover.ts";
import { startRunQueue } from "./queue/run-queue.ts";
import { RefineryService } from "./refinery/service.ts";
import { RunExecutor } from "./runs/executor.ts";
import { RunHub } from "./runs/hub.ts";
import { RunService } from "./runs/service.ts";
import { FolderStore } from "./store/folder-store.ts";
import { createTeachers, type Teachers } from "./teachers.ts";
import { TraitBin } from "./traits/bin.ts";
import { TraitOverviews } from "./traits/overview.ts";
import { TraitService } from "./traits/service.ts";

/** One Tiller at work on one home: everything a route or a command needs. */
export interface Instance {
  home: string;
  version: string;
  log: Log;
  artifacts: FolderStore;
  ports: Omit<PipelinePorts, "emit">;
  models: ModelCatalog;
  runs: RunService;
  executor: RunExecutor;
  lending: LendingService;
  traits: TraitService;
  traitBin: TraitBin;
  traitOverviews: TraitOverviews;
  authoring: AuthoringService;
  judgeKeys: JudgeKeys;
  hubToken: HubToken;
  teachers: Teachers;
  /** Datasets that jobs of this server build, and their folders. */
  builds: BuildService;
  buildFolders: BuildFolders;
  caaResults: DatasetResults;
  buildUploads: BuildUploads;
  buildBin: BuildBin;
  refinery: RefineryService;
  chat: ChatService;
  presets: Presets;
  /** Who may use the OpenAI-compatible endpoint. */
  access: EndpointAccess;
  /** Tells other processes where this one serves. */
  announce(url: string): void;
  /** Stops what runs (it is resumable), then lets go of the database. */
  close(): Promise<void>;
}

export interface InstanceOptions {
  home: string;
  /** Who this is, in a person's words: shown to whoever finds the home in use. */
  command: string;
  /** Works off the queue; a command executes its own run instead. */
  queue: boolean;
  env?: Record<string, string | undefined>;
}

/** How often lent batches are looked at whose lenders may be gone, in milliseconds. */
const SWEEP_MS = 1_000;

/** Opens a home. Throws AppError `locked`, `forbidden`, `conflict`. */
export async function openInstance(options: InstanceOptions): Promise<Instance> {
  const { home, command, env = process.env } = options;
  const root = projectRoot();
  const now = () => new Date();
  prepareHome(home, root);
  const log = openLog(home);
  const database = await openDatabase({
    home,
    command,
    migrations: path.join(root, "prisma/migrations"),
    ...(env.DATABASE_URL ? { databaseUrl: env.DATABASE_URL } : {}),
  });
  const cleanups: (() => Promise<unknown>)[] = [() => database.close()];
  const closeAll = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) {
      await cleanup().catch((error: unknown) => log.error("closing failed", error));
    }
  };
  try {
    const { prisma } = database;
    const runs = createRunRepository(prisma, now);
    const settings = createSettingsRepository(prisma, now);
    const judgeKeys = createJudgeKeys(settings, env, log);
    const hubToken = createHubToken(settings, env, log);
    const engines = createNodeEngines({ home });
    cleanups.push(() => engines.dispose());
    const lent = new LendingHub({ now, randomId: randomUUID });
    const sweeping = setInterval(() => lent.sweep(), SWEEP_MS).unref();
    cleanups.push(async () => clearInterval(sweeping));
    const compute = createComputePool();
    cleanups.push(() => compute.close());
    const artifacts = new FolderStore(home);
    const traits = new TraitService(artifacts, now);
    await traits
      .recover()
      .catch((error: unknown) => log.error("a trait's change could not be finished", error));
    const models = createModelCatalog({ home });
    const cache = createJudgementCache(prisma, now);
    const runEngines = createRunEngines(engines, lent, { home });
    const sources = { engines: runEngines, places: { home }, keys: judgeKeys };
    const ports: Instance["ports"] = {
      artifacts,
      ledger: createLedger(prisma, now),
      models,
      engines: runEngines,
      judges: createJudges({ ...sources, cache }),
      compute,
      now,
      codeVersion: versionOf(root),
    };
    const teachers = createTeachers(sources);
    const buildFolders = new BuildFolders(artifacts);
    const buildUploads = new BuildUploads(artifacts, buildFolders, builders);
    const builds = new BuildService({
      home,
      folders: buildFolders,
      uploads: buildUploads,
      teachers,
      hubToken: () => hubToken.token(),
      kinds: builders,
      now,
      log,
    });
    cleanups.push(() => builds.stopAll());
    const hub = new RunHub();
    const executor = new RunExecutor({ runs, ports, hub, log, shared: !database.embedded });
    cleanups.push(() => executor.stopAll("interrupt"));
    if (database.embedded) await settleAbandoned(runs);
    let enqueue: (runId: string) => Promise<void> = async () => {};
    if (options.queue) {
      const execute = executor.execute.bind(executor);
      const queue = await startRunQueue({ connection: database.queue, execute, log });
      cleanups.push(() => queue.stop());
      enqueue = queue.enqueue;
      const again = database.embedded ? await requeue(runs, enqueue) : [];
      if (again.length > 0) log.info("runs go on after a restart", { runs: again });
      await builds.recover();
      await buildUploads
        .sweep(now())
        .catch((error: unknown) => log.error("old uploads could not be removed", error));
    }
    const randomId = () => randomBytes(2).toString("hex");
    const service = new RunService({ runs, executor, hub, ports, enqueue, randomId });
    const presets = new Presets({
      artifacts,
      now,
      log,
      isModel: (name) => findModelFolder(name, { home }) !== null,
    });
    const binId = () => randomBytes(4).toString("hex");
    const traitBin = new TraitBin({
      store: artifacts,
      traits,
      usedBy: (trait) => service.runReading(trait),
      now,
      randomId: binId,
    });
    return {
      home,
      version: ports.codeVersion,
      log,
      artifacts,
      ports,
      models,
      executor,
      judgeKeys,
      hubToken,
      teachers,
      builds,
      buildFolders,
      caaResults: new DatasetResults(),
      buildUploads,
      buildBin: new BuildBin({
        store: artifacts,
        folders: buildFolders,
        builds,
        kinds: builders,
        now,
        randomId: binId,
      }),
      refinery: new RefineryService({ home, builds, folders: buildFolders }),
      presets,
      chat: new ChatService({
        artifacts,
        home,
        presets,
        now,
        engines: runEngines,
        randomId: () => randomBytes(12).toString("hex"),
      }),
      access: new EndpointAccess(settings, env, log),
      traits,
      traitBin,
      authoring: new AuthoringService(traits, createWriters(teachers, { home })),
      traitOverviews: new TraitOverviews(artifacts),
      runs: service,
      lending: new LendingService({
        hub: lent,
        stateOf: async (runId) => (await builds.stateOf(runId)) ?? (await service.get(runId)).state,
      }),
      announce: database.announce,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function versionOf(root: string): string {
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}
