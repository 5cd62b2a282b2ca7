import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { startNode } from "#lib/testing/children.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { conflictOf, TraitsApi } from "./traits-api.ts";

// The server's own routes over HTTP.

const home = temporaryFolder("tiller-traits-api");
let url = "";
let api: TraitsApi;

beforeAll(async () => {
  const server = startNode(path.resolve("lib/testing/api-server-main.ts"), [], { TILLER_HOME: home });
  await server.until(/^http.*\n/m);
  url = server.stdout().trim();
  api = new TraitsApi(url);
  return () => void server.process.kill("SIGTERM");
}, 240_000);

const texts = { "positive.txt": "yes, so I\n", "negative.txt": "no, so I\n" };

describe("traits over HTTP", () => {
  it("are listed, made, saved, told apart when two windows edit them, and restored", async () => {
    expect((await api.list()).map(({ trait }) => trait)).toContain("demo/optimism");
    const first = await api.create({ trait: "my/calm", texts });
    const second = await api.read("my/calm");
    const saved = await api.save("my/calm", { base: first.version, texts: { "positive.txt": "one\n" } });
    expect(saved).toMatchObject({ changed: true, problems: [], revision: { kind: "autosave" } });
    const error = await api
      .save("my/calm", { base: second.version, texts: { "positive.txt": "two\n" } })
      .catch((thrown: unknown) => thrown);
    const conflict = conflictOf(error);
    expect(conflict?.disk).toMatchObject({ version: saved.version, texts: { "positive.txt": "one\n" } });
    expect(conflict?.base).toEqual(texts);

    const revisions = await api.revisions("my/calm");
    expect(revisions.map(({ kind }) => kind)).toEqual(["autosave", "create"]);
    const oldest = revisions.at(-1)?.id ?? 0;
    expect((await api.revision("my/calm", oldest)).texts).toEqual(texts);
    await api.restore("my/calm", oldest, saved.version);
    expect((await api.read("my/calm")).version).toBe(first.version);
  });

  it("are renamed, copied, binned and brought back", async () => {
    await api.create({ trait: "my/first", texts });
    await api.rename("my/first", "my/second");
    await api.duplicate("my/second", "my/third");
    const entry = await api.remove("my/second");
    expect(await api.bin()).toMatchObject([{ id: entry, trait: "my/second", positives: 1 }]);
    expect(await api.restoreDeleted(entry)).toBe("my/second");
    const names = (await api.list()).map(({ trait }) => trait);
    expect(names).toEqual(expect.arrayContaining(["my/second", "my/third"]));
    expect(names).not.toContain("my/first");
  });

  it("that are wrong get a status and one line", async () => {
    await api.create({ trait: "my/wrong", texts });
    const ask = async (method: string, at: string, body?: unknown, headers: Record<string, string> = {}) => {
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await fetch(`${url}/api/${at}`, init);
      const { error } = (await response.json()) as { error: { userMessage: string } };
      expect(error.userMessage).not.toMatch(/\n/);
      return `${response.status} ${error.userMessage}`;
    };
    expect(await ask("GET", "traits/my/none")).toMatch(/^404 datasets\/traits\/my\/none is not there/);
    expect(await ask("GET", "traits/..%2Fup/x")).toMatch(/^400 trait/);
    expect(await ask("POST", "traits", { trait: "con/x" })).toMatch(/^400 trait "con\/x"/);
    expect(await ask("POST", "traits", { trait: "my/wrong" })).toMatch(/^409 .*is there already/);
    expect(await ask("PUT", "traits/my/wrong", { texts })).toMatch(/^400 base:/);
    const half = { base: "x", texts: { "positive.txt": "\ud800" } };
    expect(await ask("PUT", "traits/my/wrong", half)).toMatch(
      /^400 texts\.positive\.txt: .*half a character/,
    );
    const other = { base: "x", texts: { "../up": "a" } };
    expect(await ask("PUT", "traits/my/wrong", other)).toMatch(/^400 texts/);
    expect(await ask("GET", "traits/my/wrong/revisions/x")).toMatch(/^404 /);
    expect(await ask("POST", "trait-bin/none/restore", {})).toMatch(/^404 the bin/);
    const evil = { origin: "https://elsewhere.example" };
    expect(await ask("DELETE", "traits/my/wrong", undefined, evil)).toMatch(/^403 /);
    writeFileSync(path.join(home, "datasets/traits/my/wrong/positive.txt"), Uint8Array.of(0x61, 0x0a, 0xff));
    expect(await ask("GET", "traits/my/wrong")).toMatch(/^422 .*positive\.txt:2: not UTF-8/);
    expect((await api.list()).find(({ trait }) => trait === "my/wrong")?.problem).toMatch(/not UTF-8/);
  });
});
