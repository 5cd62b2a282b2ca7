import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { batchRequestSchema, fixesRequestSchema, fixesResponseSchema } from "#lib/authoring/api.ts";
import { AppError } from "#lib/core/errors.ts";
import { prepareSmallHome, smallTrait } from "#lib/testing/small-home.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { startWriterServer, type WriterServer } from "#lib/testing/writer-server.ts";
import { createNodeEngines, type NodeEngines } from "../engine/engines.ts";
import { LendingHub } from "../lending/hub.ts";
import { createRunEngines } from "../lending/run-engines.ts";
import { FolderStore } from "../store/folder-store.ts";
import { createTeachers } from "../teachers.ts";
import { TraitService } from "../traits/service.ts";
import { AuthoringService } from "./service.ts";
import { createWriters } from "./writers.ts";

const home = temporaryFolder("tiller-authoring");
const KEY = "sk-only-the-server-knows";
let engines: NodeEngines;
let server: WriterServer;
let authoring: AuthoringService;

beforeAll(async () => {
  prepareSmallHome(home);
  engines = createNodeEngines({ home, threads: 1 });
  server = await startWriterServer({ apiKey: KEY });
  const hub = new LendingHub({ now: () => new Date(), randomId: () => "lease" });
  authoring = new AuthoringService(
    new TraitService(new FolderStore(home)),
    createWriters(
      createTeachers({
        engines: createRunEngines(engines, hub, { home }),
        places: { home },
        keys: { keyFor: async () => KEY },
      }),
      { home },
    ),
  );
});
afterAll(async () => {
  await server.close();
  await engines.dispose();
});

const never = new AbortController().signal;
const at = (judge = server.url, model = "m") => ({ judge, model });
const batch = (own: object, signal = never) =>
  authoring.batch(smallTrait, batchRequestSchema.parse({ writer: at(), ...own }), signal);
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("it did not throw"),
    (error: unknown) => AppError.from(error),
  );

describe("a batch", () => {
  it("is written from the files, or from what the page has", async () => {
    const files = await batch({});
    expect(files.pairs).toHaveLength(16);
    expect(files).toMatchObject({ usage: { prompt_tokens: 100 }, cost_usd: null });
    expect(files.prompt_version).toMatch(/^batch-1@[0-9a-f]{8}$/);
    await batch({ texts: { "definition.txt": "Only this" }, count: 3 });
    const [fromFiles, fromPage] = server.prompts("batch");
    expect(fromFiles).toContain("<positive>I had worked in the bakery");
    expect(fromPage).toContain("<definition>Only this</definition>");
    expect(fromPage).toContain("Write 3 new pairs");
  });

  it("is refused for a trait that is not there, and for a writer that is none", async () => {
    const gone = authoring.batch("small/gone", batchRequestSchema.parse({ writer: at() }), never);
    expect((await caught(gone)).code).toBe("not-found");
    expect(() => batchRequestSchema.parse({ writer: at("ftp://x") })).toThrow(/write builtin, or an address/);
    expect(() => batchRequestSchema.parse({ writer: at(), count: 41 })).toThrow();
    expect((await caught(batch({ writer: at("builtin", "demo") }))).userMessage).toMatch(
      /model demo can judge but not write: choose an installed instruct model, or an endpoint/,
    );
    expect((await caught(batch({ writer: at("builtin", "absent") }))).code).toBe("not-found");
  });

  it("by an installed model that cannot do it is one plain line; stopping ends the model's work", async () => {
    const folder = path.join(home, "models/small");
    mkdirSync(folder, { recursive: true });
    cpSync(path.resolve("public/models/demo"), folder, { recursive: true });
    writeFileSync(path.join(folder, "tiller.json"), "{}");
    const writer = at("builtin", "small");
    const texts = { "definition.txt": "HOPE" };
    const error = await caught(batch({ writer, texts, count: 1 }));
    expect(error.userMessage).toMatch(
      /answered without pairs: try again, or choose a larger instruct model|tokens long and the model reads/,
    );
    const stopped = new AbortController();
    const writing = caught(batch({ writer, texts, count: 1 }, stopped.signal));
    stopped.abort();
    expect((await writing).code).toBe("aborted");
  });
});

describe("fixes", () => {
  it("answer each item by itself, in the shape that the page reads", async () => {
    const answer = await authoring.fixes(
      smallTrait,
      fixesRequestSchema.parse({
        writer: at(),
        items: [
          { polarity: "negative", index: 1, response: "All will be well.", failure_kind: "goes off-script" },
          { polarity: "positive", index: 99 },
        ],
        passed: { negative: [0] },
      }),
      never,
    );
    expect(fixesResponseSchema.parse(JSON.parse(JSON.stringify(answer)))).toEqual(answer);
    expect(answer.fixes).toMatchObject([
      { polarity: "negative", index: 1, suggestion: { why: expect.any(String) }, error: null },
      { polarity: "positive", index: 99, text: null, suggestion: null, error: { code: "not-found" } },
    ]);
    expect(server.prompts("fix")[0]).toContain("<failure>goes off-script</failure>");
    expect(server.counts().fix).toBe(1);
    expect(JSON.stringify(answer)).not.toContain(KEY);
  });
});
