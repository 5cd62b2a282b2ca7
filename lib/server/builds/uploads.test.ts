import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { type BuildRecord, type UploadSource, uploadPartBytes } from "#lib/builds/api.ts";
import { emptyProgress } from "#lib/builds/progress.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { FolderStore } from "../store/folder-store.ts";
import { BuildFolders } from "./folders.ts";
import type { BuildKinds } from "./kinds.ts";
import { writeRecord } from "./record.ts";
import { BuildUploads } from "./uploads.ts";

const FILE = "scenarios.csv";
const kind = { uploads: [FILE, "scenarios.parquet"] };
const home = temporaryFolder();

/** As another process finds it. */
function open() {
  const store = new FolderStore(home);
  const folders = new BuildFolders(store);
  return { folders, uploads: new BuildUploads(store, folders, { caa: kind } as unknown as BuildKinds) };
}

const doneRecord: BuildRecord = {
  state: "done",
  request: {},
  progress: emptyProgress(),
  error: null,
  created_at: "2026-01-01T00:00:00.000Z",
  ended_at: null,
};

let builds = 0;
const newName = () => `build-${++builds}`;
const placeOf = (build: string, file = FILE) => path.join(home, "datasets/caa", build, file);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const sourceOf = (text: string, own: Partial<UploadSource> = {}): UploadSource => ({
  name: "mine.csv",
  size: bytesOf(text).length,
  modified: 1,
  ...own,
});

/** One part of a text. */
function send(build: string, text: string, from: number, to: number, own: Partial<UploadSource> = {}) {
  const part = { ...sourceOf(text, own), offset: from };
  return open().uploads.part("caa", build, FILE, part, bytesOf(text).subarray(from, to));
}

it("a file of any parts, some sent twice, arrives as it is", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), sizes, fc.boolean(), async (data, parts, twice) => {
      const [build, { uploads }] = [newName(), open()];
      const source = { name: "any", size: data.length, modified: builds };
      let state = await uploads.begin("caa", build, FILE, source);
      for (let at = 0; !state.complete; at++) {
        const { received: offset } = state;
        const part = data.subarray(offset, offset + (parts[at % parts.length] ?? 1));
        state = await uploads.part("caa", build, FILE, { ...source, offset }, part);
        if (twice) expect(await uploads.part("caa", build, FILE, { ...source, offset }, part)).toEqual(state);
      }
      expect(new Uint8Array(readFileSync(placeOf(build)))).toEqual(data);
      expect(await uploads.begin("caa", build, FILE, source)).toEqual({
        received: data.length,
        complete: true,
      });
    }),
    { numRuns: 40 },
  );
});

it("is no input, no download and no file of the build before its last part", async () => {
  const build = newName();
  expect(await send(build, "abcdef", 0, 4)).toEqual({ received: 4, complete: false });
  const { folders, uploads } = open();
  expect(await folders.files("caa", build)).toEqual([]);
  await expect(folders.file("caa", build, `.tiller/uploads/${FILE}.part`)).rejects.toMatchObject({
    code: "not-found",
  });
  expect(await uploads.begin("caa", build, FILE, sourceOf("abcdef"))).toMatchObject({ received: 4 });
  expect(await send(build, "abcdef", 4, 6)).toEqual({ received: 6, complete: true });
  expect(await folders.files("caa", build)).toMatchObject([{ name: FILE, bytes: 6 }]);
});

it("refuses a part that does not follow, and one that is none", async () => {
  const build = newName();
  await expect(send(build, "abcdef", 2, 4)).rejects.toMatchObject({ code: "conflict" });
  await send(build, "abcdef", 0, 2);
  await expect(send(build, "abcdef", 4, 6)).rejects.toThrow(
    /has 2 bytes of mine\.csv, this part begins at 4/,
  );
  await expect(send(build, "abcdef", 2, 2)).rejects.toMatchObject({ code: "invalid-input" });
  const { uploads } = open();
  const part = { ...sourceOf("abcdef"), offset: 2 };
  await expect(uploads.part("caa", build, FILE, part, bytesOf("too long"))).rejects.toMatchObject({
    code: "invalid-input",
  });
  const huge = { ...part, offset: 0, size: 2 ** 40 };
  await expect(
    uploads.part("caa", newName(), FILE, huge, new Uint8Array(uploadPartBytes + 1)),
  ).rejects.toMatchObject({ code: "invalid-input" });
  expect(await send(build, "abcdef", 2, 6)).toMatchObject({ complete: true });
  expect(readFileSync(placeOf(build), "utf8")).toBe("abcdef");
});

it("never mixes two files of one name: the later one starts over, the earlier one ends", async () => {
  const build = newName();
  await send(build, "AAAAAAAA", 0, 6);
  await expect(send(build, "bbbb", 2, 4)).rejects.toMatchObject({ code: "conflict" });
  expect(await send(build, "bbbb", 0, 2)).toMatchObject({ received: 2 });
  await expect(send(build, "AAAAAAAA", 6, 8)).rejects.toMatchObject({ code: "conflict" });
  await send(build, "bbbb", 2, 4);
  expect(readFileSync(placeOf(build), "utf8")).toBe("bbbb");
  expect(await send(build, "CCCC", 0, 2, { modified: 2 })).toMatchObject({ complete: false });
  expect(readFileSync(placeOf(build), "utf8")).toBe("bbbb");
  await send(build, "CCCC", 2, 4, { modified: 2 });
  expect(readFileSync(placeOf(build), "utf8")).toBe("CCCC");
});

it("starts over where bytes that it counts on are gone", async () => {
  const build = newName();
  await send(build, "abcdef", 0, 4);
  truncateSync(placeOf(build, `.tiller/uploads/${FILE}.part`), 3);
  expect(await open().uploads.begin("caa", build, FILE, sourceOf("abcdef"))).toMatchObject({ received: 0 });
  await send(build, "abcdef", 0, 6);
  rmSync(placeOf(build));
  expect(await open().uploads.begin("caa", build, FILE, sourceOf("abcdef"))).toMatchObject({ received: 0 });
});

it("goes along when the build gets another name before it begins, and stays with one that has begun", async () => {
  const [first, second, third] = [newName(), newName(), newName()];
  const source = sourceOf(first);
  await send(first, first, 0, 3);
  const { uploads, folders } = open();
  expect(await uploads.begin("caa", second, FILE, source)).toEqual({ received: 3, complete: false });
  expect(await send(second, first, 3, source.size)).toMatchObject({ complete: true });
  await writeRecord(folders.output("caa", second), doneRecord);
  expect(await uploads.begin("caa", third, FILE, source)).toEqual({ received: 0, complete: false });
  await expect(uploads.begin("caa", second, FILE, source)).rejects.toMatchObject({ code: "conflict" });
});

it("is removed a week after its last part, unless a build has begun or anything else lies there", async () => {
  const [alone, begun, beside] = [newName(), newName(), newName()];
  for (const build of [alone, begun, beside]) await send(build, "abcdef", 0, build === begun ? 6 : 4);
  const { uploads, folders } = open();
  await writeRecord(folders.output("caa", begun), doneRecord);
  writeFileSync(placeOf(beside, "scenarios.parquet"), "by hand");
  const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000);
  await uploads.sweep(inDays(6));
  expect(await folders.names("caa")).toEqual(expect.arrayContaining([alone, begun, beside]));
  await uploads.sweep(inDays(8));
  const left = await folders.names("caa");
  expect(left).toEqual(expect.arrayContaining([begun, beside]));
  expect(left).not.toContain(alone);
  expect(await folders.files("caa", begun)).toMatchObject([{ name: FILE, bytes: 6 }]);
});
