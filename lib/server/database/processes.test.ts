import path from "node:path";
import { describe, expect, it } from "vitest";
import { createRng } from "#lib/core/rng.ts";
import { type Child, startNode } from "#lib/testing/children.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { createLedger } from "./ledger.ts";
import { lockHome, readHomeHolder } from "./lock.ts";
import { openDatabase } from "./open.ts";

const program = path.resolve("lib/testing/database-main.ts");
const open = (home: string) =>
  openDatabase({ home, migrations: path.resolve("prisma/migrations"), command: "the test" });

async function kill(child: Child): Promise<void> {
  child.process.kill("SIGKILL");
  expect(await child.ended).toBe("SIGKILL");
}

describe("two processes", () => {
  it("refuses the second, naming the first; kill -9 frees the lock", { timeout: 240_000 }, async () => {
    const home = temporaryFolder();
    const holder = startNode(program, [home, "hold"]);
    await holder.until(/open/);
    await expect(open(home)).rejects.toMatchObject({
      code: "locked",
      retryable: true,
      message: `${home} is in use by the other process (process ${holder.process.pid}): wait until it ends, or stop it; or set TILLER_HOME to another folder`,
      details: { holder: { pid: holder.process.pid, url: null } },
    });
    await kill(holder);
    const database = await open(home);
    const second = startNode(program, [home, "hold"]);
    expect(await second.ended).toBe(1);
    expect(JSON.parse(second.stderr())).toMatchObject({
      code: "locked",
      details: { holder: { command: "the test" } },
    });
    await database.close();
    expect(readHomeHolder(path.join(home, ".tiller"))).toBeNull();
  });

  it("tells where the holder serves", () => {
    const folder = path.join(temporaryFolder(), ".tiller");
    const lock = lockHome(folder, "the Tiller server");
    lock.announce("http://127.0.0.1:3000");
    expect(() => lockHome(folder, "another")).toThrow(
      `is in use by the Tiller server (process ${process.pid}): use it at http://127.0.0.1:3000, or stop it first`,
    );
    lock.release();
    lockHome(folder, "another").release();
  });
});

describe("kill -9 of a writer", () => {
  it("loses nothing that was acknowledged", { timeout: 240_000 }, async () => {
    const home = temporaryFolder();
    const random = createRng(7);
    let acknowledged = -1;
    for (let round = 0; round < 4; round++) {
      const writer = startNode(program, [home, "write"]);
      const goal = acknowledged + 20 + Math.floor(random() * 200);
      await writer.until(new RegExp(`^${goal}$`, "m"));
      await kill(writer);
      acknowledged = Number(writer.stdout().trimEnd().split("\n").at(-1));
      const database = await open(home);
      const keys = Array.from({ length: acknowledged + 1 }, (_, at) => `item-${at}`);
      const found = await createLedger(database.prisma, () => new Date()).finished(keys);
      expect(found.size).toBe(keys.length);
      expect(found.get(`item-${acknowledged}`)).toEqual({ at: acknowledged });
      await database.close();
    }
  });
});
