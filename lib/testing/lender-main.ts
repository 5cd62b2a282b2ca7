// A lender as a process of its own: `lend` with the Node engine in the place of a tab's.
// `node lib/testing/lender-main.ts ADDRESS RUN NAME` prints each state as a line; SIGTERM is a tab that is closed.
import { lend } from "#lib/client/lend.ts";
import { createNodeEngines } from "#lib/server/engine/engines.ts";

const [base = "", runId = "", name = ""] = process.argv.slice(2);
const engines = createNodeEngines({ home: process.env.TILLER_HOME });
const closed = new AbortController();
process.once("SIGTERM", () => closed.abort());
const ended = await lend({
  runId,
  base,
  engines,
  signal: closed.signal,
  lender: { id: crypto.randomUUID(), name, device: "cpu" },
  onState: ({ phase, message }) => console.log(`${phase}: ${message}`),
});
console.log(`ended: ${ended}`);
await engines.dispose();
