import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { planRun } from "#lib/pipeline/plan.ts";
import { startNode } from "#lib/testing/children.ts";
import { fakeWorld } from "#lib/testing/fake-ports.ts";
import { planAndRun, specOf, writeTrait } from "#lib/testing/pipeline-experiment.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { traitConflictSchema } from "#lib/traits/api.ts";
import { FolderStore } from "../store/folder-store.ts";
import { TraitBin } from "./bin.ts";
import { TraitOverviews } from "./overview.ts";
import { TraitService } from "./service.ts";

interface World {
  home: string;
  traits: TraitService;
  bin: TraitBin;
  /** Minutes pass. */
  wait(minutes: number): void;
}

function openWorld(home = temporaryFolder("tiller-traits"), store = new FolderStore(home)): World {
  let time = Date.UTC(2026, 0, 1);
  const now = () => new Date(time);
  const traits = new TraitService(store, now);
  let entries = 0;
  const randomId = () => String(entries++).padStart(8, "0");
  const bin = new TraitBin({ store, traits, usedBy: async () => null, now, randomId });
  return { home, traits, bin, wait: (minutes) => (time += minutes * 60_000) };
}

const lines = (word: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${word} ${at}\n`).join("");
const sides = (count: number) => ({
  "positive.txt": lines("yes", count),
  "negative.txt": lines("no", count),
});
const place = (home: string, file: string, trait = "my/calm") =>
  path.join(home, "datasets/traits", trait, file);
const onDisk = (home: string, file: string, trait?: string) => readFileSync(place(home, file, trait), "utf8");

describe("save", () => {
  it("writes what changed, tells what is wrong, and keeps the bytes of what did not change", async () => {
    const { home, traits } = openWorld();
    mkdirSync(path.dirname(place(home, "")), { recursive: true });
    mkdirSync(place(home, ""), { recursive: true });
    writeFileSync(place(home, "positive.txt"), "\uFEFFone\r\ntwo\r\n");
    writeFileSync(place(home, "negative.txt"), "eins\r\nzwei");
    const read = await traits.read("my/calm");
    expect(read.texts).toEqual({ "positive.txt": "one\ntwo\n", "negative.txt": "eins\nzwei" });
    expect(read.problems).toEqual([]);
    const texts = { ...read.texts, "negative.txt": "eins\nzwei\ndrei", "steering.json": "{" };
    const saved = await traits.save("my/calm", { base: read.version, texts });
    expect(saved).toMatchObject({
      changed: true,
      problems: [
        { file: "positive.txt", line: null, message: expect.stringMatching(/add 1 to positive\.txt/) },
        { file: "steering.json", line: 1, message: expect.stringMatching(/malformed JSON/) },
      ],
      revision: { kind: "autosave", positives: 2, negatives: 3 },
    });
    expect(onDisk(home, "positive.txt")).toBe("\uFEFFone\r\ntwo\r\n");
    expect(onDisk(home, "negative.txt")).toBe("eins\nzwei\ndrei");
    const again = await traits.save("my/calm", { base: saved.version, texts });
    expect(again).toMatchObject({ changed: false, version: saved.version, revision: { id: 2 } });
  });

  it("never writes over a change of another: the conflict tells disk and base", async () => {
    const { home, traits } = openWorld();
    const mine = await traits.create("my/calm", sides(2));
    await traits.save("my/calm", { base: mine.version, texts: sides(3) });
    writeFileSync(place(home, "negative.txt"), "from outside\n");
    const error = await traits
      .save("my/calm", { base: mine.version, texts: sides(4) })
      .catch((thrown: unknown) => AppError.from(thrown));
    if (!(error instanceof AppError)) throw new Error("it was saved");
    expect(error).toMatchObject({ code: "conflict", message: expect.stringMatching(/changed on disk/) });
    const { disk, base } = traitConflictSchema.parse(JSON.parse(JSON.stringify(error.details)));
    expect(disk.texts).toEqual({ "positive.txt": lines("yes", 3), "negative.txt": "from outside\n" });
    expect(base).toEqual(sides(2));
    expect(onDisk(home, "negative.txt")).toBe("from outside\n");
    const merged = await traits.save("my/calm", { base: disk.version, texts: sides(4) });
    expect(merged.problems).toEqual([]);
    // The answer was lost, and the save is sent again.
    const again = await traits.save("my/calm", { base: disk.version, texts: sides(4) });
    expect(again).toMatchObject({ changed: false, version: merged.version });
  });

  it("refuses names, layouts and texts that cannot be, in one line", async () => {
    const { traits } = openWorld();
    const { version: base } = await traits.create("my/calm", sides(1));
    const save = (texts: Parameters<typeof traits.save>[1]["texts"]) =>
      traits.save("my/calm", { base, texts });
    await expect(save({ "positive.jsonl": "" })).rejects.toThrow(/exclude each other/);
    await expect(save({ "positive.txt": null })).rejects.toThrow(/must be there/);
    for (const name of ["../up", "a", "a/b/c", "A/b", "con/x", "a/..", "a/b\0"]) {
      await expect(traits.create(name, sides(1))).rejects.toMatchObject({ code: "usage" });
      await expect(traits.read(name)).rejects.toMatchObject({ code: "usage" });
    }
    await expect(traits.create("my/calm", sides(1))).rejects.toMatchObject({ code: "conflict" });
    await expect(traits.read("my/nothing")).rejects.toMatchObject({ code: "not-found" });
    const jsonl = { "positive.txt": null, "positive.jsonl": '{"prompt":"a"}\n' };
    expect((await save(jsonl)).files).not.toHaveProperty("positive.txt");
  });
});

describe("history", () => {
  it("coalesces autosaves, keeps marked saves, lost lines and edits from outside, and restores", async () => {
    const { home, traits, wait } = openWorld();
    let { version: base } = await traits.create("my/calm", sides(10));
    const save = async (count: number, kind: "autosave" | "save" = "autosave") => {
      wait(1);
      ({ version: base } = await traits.save("my/calm", { base, texts: sides(count), kind }));
    };
    for (const count of [11, 12, 13]) await save(count);
    await save(14, "save");
    await save(15);
    await save(2);
    for (let count = 3; count < 16; count++) await save(count);
    writeFileSync(place(home, "positive.txt"), onDisk(home, "positive.txt").toUpperCase());
    const revisions = await traits.revisions("my/calm");
    const told = revisions.map(({ kind, positives }) => `${kind} ${positives}`);
    expect(told).toEqual([
      "external 15",
      "autosave 15",
      "autosave 11",
      "autosave 15",
      "save 14",
      "autosave 13",
      "create 10",
    ]);
    const stored = readdirSync(path.join(home, ".tiller/traits/history/my/calm/contents"));
    expect(stored.length).toBe(new Set(revisions.flatMap(({ files }) => Object.values(files))).size);

    const first = revisions.at(-1)?.id ?? 0;
    expect((await traits.revision("my/calm", first)).texts).toEqual(sides(10));
    await expect(traits.restore("my/calm", first, base)).rejects.toMatchObject({ code: "conflict" });
    const { version } = await traits.read("my/calm");
    const restored = await traits.restore("my/calm", first, version);
    expect(restored.revision).toMatchObject({ kind: "restore", note: `revision ${first}` });
    expect(onDisk(home, "negative.txt")).toBe(lines("no", 10));
    expect((await traits.revisions("my/calm")).length).toBe(told.length + 1);
    await expect(traits.revision("my/calm", 999)).rejects.toMatchObject({ code: "not-found" });
  });

  it("goes with a trait that is renamed, deleted and restored", async () => {
    const { home, traits, bin } = openWorld();
    await traits.create("my/calm", sides(2));
    writeFileSync(place(home, "notes.md"), "mine");
    await bin.rename("my/calm", "my/serenity");
    expect(onDisk(home, "notes.md", "my/serenity")).toBe("mine");
    expect((await traits.revisions("my/serenity")).map(({ kind }) => kind)).toEqual(["create"]);
    await traits.duplicate("my/serenity", "my/copy");
    expect((await traits.revisions("my/copy"))[0]).toMatchObject({
      kind: "duplicate",
      note: "of my/serenity",
    });
    await expect(bin.rename("my/serenity", "my/copy")).rejects.toMatchObject({ code: "conflict" });

    const entry = await bin.remove("my/serenity");
    await expect(traits.read("my/serenity")).rejects.toMatchObject({ code: "not-found" });
    await traits.create("my/serenity", sides(7));
    expect(await bin.list()).toEqual([
      {
        id: entry,
        trait: "my/serenity",
        deleted_at: "2026-01-01T00:00:00.000Z",
        positives: 2,
        negatives: 2,
      },
    ]);
    await expect(bin.restore(entry)).rejects.toMatchObject({ code: "conflict" });
    expect(await bin.restore(entry, "my/old")).toBe("my/old");
    expect((await traits.revisions("my/old")).map(({ kind }) => kind)).toEqual(["create"]);
    expect(await bin.list()).toEqual([]);
    await expect(bin.restore(entry)).rejects.toMatchObject({ code: "not-found" });
    await expect(bin.restore("../../datasets")).rejects.toMatchObject({ code: "not-found" });
  });
});

it("a trait that a run reads is saved, but neither renamed nor deleted", async () => {
  const { home, traits } = openWorld();
  const { version: base } = await traits.create("my/calm", sides(1));
  const usedBy = async (trait: string) => (trait === "my/calm" ? "20260101-1" : null);
  const store = new FolderStore(home);
  const bin = new TraitBin({ store, traits, usedBy, now: () => new Date(), randomId: () => "00000000" });
  await expect(bin.rename("my/calm", "my/new")).rejects.toThrow(/run 20260101-1 reads my\/calm/);
  await expect(bin.remove("my/calm")).rejects.toMatchObject({ code: "conflict" });
  expect((await traits.save("my/calm", { base, texts: sides(2) })).changed).toBe(true);
});

describe("a trait that was vetted", () => {
  it("is stale once it is saved with other lines, and done again when they are restored", async () => {
    const { home, traits } = openWorld();
    const artifacts = new FolderStore(home);
    await writeTrait(artifacts, "my/calm");
    const { ports } = fakeWorld();
    const spec = specOf(["my/calm"], {}, { stages: ["vet-scenarios"] });
    await planAndRun({ ...ports, artifacts }, spec);
    const vetting = async () =>
      (await planRun(spec, { ...ports, artifacts })).traits[0]?.stages.find(
        ({ stage }) => stage === "vet-scenarios",
      )?.state;
    expect(await vetting()).toBe("done");
    expect(await new TraitOverviews(artifacts).list()).toMatchObject([
      {
        trait: "my/calm",
        positives: 12,
        problem: null,
        vetting: { experiment: "e", response_pass_rate: null },
      },
    ]);
    const { version: base, texts } = await traits.read("my/calm");
    const edited = { "positive.txt": texts["positive.txt"]?.replace("hope", "great hope") };
    const saved = await traits.save("my/calm", { base, texts: edited });
    expect(await vetting()).toBe("stale");
    await traits.restore("my/calm", 1, saved.version);
    expect(await vetting()).toBe("done");
  });
});

/** Dies at its n-th deed: that one and all after it do not happen. */
class DyingStore extends FolderStore {
  readonly #alive: () => boolean;
  constructor(root: string, deeds: number) {
    super(root);
    let left = deeds;
    this.#alive = () => left-- > 0;
  }
  #deed(): void {
    if (!this.#alive()) throw new Error("killed");
  }
  override async write(file: string, data: Uint8Array | string): Promise<void> {
    this.#deed();
    return super.write(file, data);
  }
  override async remove(file: string): Promise<void> {
    this.#deed();
    return super.remove(file);
  }
  override async move(from: string, to: string): Promise<void> {
    this.#deed();
    return super.move(from, to);
  }
}

describe("a kill", () => {
  /** Does `work` on homes of their own with a death before every deed. @returns what each leaves for the next process */
  async function deaths<T>(
    prepare: (world: World) => Promise<unknown>,
    work: (world: World) => Promise<unknown>,
    after: (world: World) => Promise<T>,
  ): Promise<T[]> {
    const left: T[] = [];
    for (let deeds = 0; ; deeds++) {
      const { home } = openWorld();
      await prepare(openWorld(home));
      const ended = await work(openWorld(home, new DyingStore(home, deeds))).then(
        () => true,
        () => false,
      );
      left.push(await after(openWorld(home)));
      if (ended) return left;
    }
  }

  it("within a save leaves the old files or the new ones, and the history has both", async () => {
    const left = await deaths(
      ({ traits }) => traits.create("my/calm", sides(2)),
      async ({ traits }) => {
        const { version: base } = await traits.read("my/calm");
        await traits.save("my/calm", { base, texts: sides(5) });
      },
      async ({ traits }) => {
        const { texts } = await traits.read("my/calm");
        const counts = (await traits.revisions("my/calm")).map(({ positives }) => positives);
        expect([sides(2), sides(5)]).toContainEqual(texts);
        return [texts["positive.txt"] === lines("yes", 2) ? "old" : "new", ...counts].join(" ");
      },
    );
    expect(left[0]).toBe("old 2");
    expect(left.at(-1)).toBe("new 5 2");
    expect(new Set(left)).toEqual(new Set(["old 2", "new 5 2"]));
  });

  it("within a create, rename, deletion or its undoing leaves a whole trait in one place", async () => {
    const where = async ({ traits, bin }: World) => {
      const found: string[] = [];
      for (const name of ["my/calm", "my/new"])
        await traits.read(name).then(
          async ({ texts }) => {
            expect(texts).toEqual(sides(2));
            found.push(`${name} ${(await traits.revisions(name)).length}`);
          },
          () => {},
        );
      return [...found, ...(await bin.list()).map(({ positives }) => `bin ${positives}`)].join();
    };
    const create = ({ traits }: World) => traits.create("my/calm", sides(2));
    const rename = ({ bin }: World) => bin.rename("my/calm", "my/new");
    const remove = ({ bin }: World) => bin.remove("my/calm");
    const undo = async ({ bin }: World) => bin.restore((await bin.list())[0]?.id ?? "");
    expect(new Set(await deaths(async () => {}, create, where))).toEqual(new Set(["", "my/calm 1"]));
    expect(new Set(await deaths(create, rename, where))).toEqual(new Set(["my/calm 1", "my/new 1"]));
    expect(new Set(await deaths(create, remove, where))).toEqual(new Set(["my/calm 1", "bin 2"]));
    const deleted = async (world: World) => {
      await create(world);
      await remove(world);
    };
    expect(new Set(await deaths(deleted, undo, where))).toEqual(new Set(["bin 2", "my/calm 1"]));
  });

  it("-9 of a process that saves all the time loses no acknowledged save and tears no pair", async () => {
    for (const acknowledged of [3, 7, 12]) {
      const { home, traits } = openWorld();
      await traits.create("my/calm", sides(0));
      const child = startNode(path.resolve("lib/testing/trait-saver-main.ts"), [home, "my/calm"]);
      await child.until(new RegExp(`saved ${acknowledged}\n`));
      child.process.kill("SIGKILL");
      expect(await child.ended).toBe("SIGKILL");
      const told = Number(/saved (\d+)\n$/.exec(child.stdout())?.[1]);
      const { texts } = await openWorld(home).traits.read("my/calm");
      expect([sides(told), sides(told + 1)]).toContainEqual(texts);
    }
  });
});
