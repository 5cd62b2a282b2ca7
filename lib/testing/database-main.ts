// A process that holds a home's database: `node lib/testing/database-main.ts HOME hold|write`.
// `hold` says "open" and keeps it. `write` records ledger entries 0, 1, 2 … and prints each once it is acknowledged.

import { AppError } from "#lib/core/errors.ts";
import { createLedger } from "#lib/server/database/ledger.ts";
import { openDatabase } from "#lib/server/database/open.ts";

const [home = "", mode = "hold"] = process.argv.slice(2);
try {
  const database = await openDatabase({
    home,
    migrations: "prisma/migrations",
    command: "the other process",
  });
  process.stdout.write("open\n");
  if (mode === "write") {
    const ledger = createLedger(database.prisma, () => new Date());
    for (let at = await database.prisma.item.count(); ; at++) {
      await ledger.record([{ key: `item-${at}`, kind: "generate", value: { at } }]);
      process.stdout.write(`${at}\n`);
    }
  } else {
    setInterval(() => {}, 1 << 30);
  }
} catch (error) {
  process.stderr.write(`${JSON.stringify(AppError.from(error))}\n`);
  process.exit(1);
}
