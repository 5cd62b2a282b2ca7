import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { FolderStore } from "./folder-store.ts";

describe("a folder of artifacts", () => {
  it("updates a text one after the other: nothing is lost between reading and writing", async () => {
    const store = new FolderStore(temporaryFolder());
    const adds = Array.from({ length: 20 }, (_, at) =>
      store.update("a/log.txt", async (before) => {
        await store.stat("a/log.txt");
        if (at === 7) throw new Error("changed my mind");
        return `${before ?? ""}${at} `;
      }),
    );
    const ended = await Promise.allSettled(adds);
    expect(ended.filter(({ status }) => status === "rejected").length).toBe(1);
    const expected = Array.from({ length: 20 }, (_, at) => at).filter((at) => at !== 7);
    expect((await store.readText("a/log.txt"))?.trim().split(" ").map(Number)).toEqual(expected);
  });

  it("writes, reads, lists in code-unit order and removes", async () => {
    const root = temporaryFolder();
    const store = new FolderStore(root);
    await store.write("a/b/two.txt", "zwei ✓");
    await store.write("a/One.bin", new Uint8Array([1, 2, 3]));
    await store.write("a/b/two.txt", "zwei ✓✓");
    expect(await store.readText("a/b/two.txt")).toBe("zwei ✓✓");
    expect(await store.read("a/One.bin")).toEqual(new Uint8Array([1, 2, 3]));
    expect(await store.list("a")).toEqual(["a/One.bin", "a/b/two.txt"]);
    expect((await store.stat("a/One.bin"))?.bytes).toBe(3);
    await store.remove("a/One.bin");
    await store.remove("a/One.bin");
    expect(await store.list("a")).toEqual(["a/b/two.txt"]);
    expect([await store.read("none"), await store.readText("a/b/two.txt/x"), await store.stat("a")]).toEqual([
      null,
      null,
      null,
    ]);
    expect(await store.list("none")).toEqual([]);
    expect(readdirSync(path.join(root, "a/b"))).toEqual(["two.txt"]);
  });

  it("gives memory that nothing else shares", async () => {
    const store = new FolderStore(temporaryFolder());
    await store.write("small", new Uint8Array([7]));
    expect((await store.read("small"))?.buffer.byteLength).toBe(1);
  });

  it.each(["../out", "a/../../out", "/etc/passwd", "a\0b", "", "."])("refuses the path %j", async (file) => {
    const store = new FolderStore(temporaryFolder());
    await expect(store.write(file, "x")).rejects.toMatchObject({ code: "forbidden" });
    await expect(store.read(file)).rejects.toMatchObject({ code: "forbidden" });
  });

  it("says when a folder is where a file should be", async () => {
    const root = temporaryFolder();
    mkdirSync(path.join(root, "config.json"));
    await expect(new FolderStore(root).readText("config.json")).rejects.toMatchObject({
      code: "invalid-file",
    });
  });

  it("appends whole lines, in order, and drops a half-written one first", async () => {
    const root = temporaryFolder();
    writeFileSync(path.join(root, "log.jsonl"), '{"a":1}\n{"a":2');
    const store = new FolderStore(root);
    await Promise.all(
      Array.from({ length: 20 }, (_, at) => store.append("log.jsonl", JSON.stringify({ at }))),
    );
    const lines = (await store.readText("log.jsonl"))?.split("\n");
    expect(lines).toEqual(['{"a":1}', ...Array.from({ length: 20 }, (_, at) => `{"at":${at}}`), ""]);
    await store.append("new/file.jsonl", "1\n2\n");
    expect(await store.readText("new/file.jsonl")).toBe("1\n2\n");
  });
});

// A real full disk: a small tmpfs. Needs root on Linux, as in CI's container.
const canMount = process.platform === "linux" && process.getuid?.() === 0 && mountsWork();

function mountsWork(): boolean {
  const probe = mkdtempSync(path.join(tmpdir(), "tiller-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", probe], { stdio: "ignore" });
    execFileSync("umount", [probe], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(probe);
  }
}

describe.skipIf(!canMount)("a full disk", () => {
  const mount = temporaryFolder("tiller-full");
  if (canMount) execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", mount]);
  afterAll(() => void execFileSync("umount", [mount]));

  it("is an error of its own; the old file and every whole line stay, no temporary file is left", async () => {
    const store = new FolderStore(mount);
    await store.write("kept.txt", "old");
    await store.append("lines.jsonl", "first");
    await expect(store.write("kept.txt", new Uint8Array(200_000))).rejects.toMatchObject({
      code: "disk-full",
      retryable: true,
    });
    await expect(store.append("lines.jsonl", "x".repeat(200_000))).rejects.toMatchObject({
      code: "disk-full",
    });
    await store.replaceFrom("part", 0, new Uint8Array([1, 2]));
    await expect(store.replaceFrom("part", 2, new Uint8Array(200_000))).rejects.toMatchObject({
      code: "disk-full",
    });
    await store.replaceFrom("part", 2, new Uint8Array([3]));
    expect(await store.read("part")).toEqual(new Uint8Array([1, 2, 3]));
    expect(await store.readText("kept.txt")).toBe("old");
    expect(await store.readText("lines.jsonl")).toBe("first\n");
    expect(readdirSync(mount).sort()).toEqual(["kept.txt", "lines.jsonl", "part"]);
  });
});
