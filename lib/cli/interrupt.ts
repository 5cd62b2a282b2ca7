import { exitCodes } from "./output.ts";

// A terminal signals the whole group and npm's wrapper passes the signal on: within this time it is one Ctrl+C.
const SAME_SIGNAL = 500;

/** Calls `stop` on the first Ctrl+C, and leaves at once on the second. @returns the function that ends it */
export function onInterrupt(stop: () => void): () => void {
  let first: number | null = null;
  const handler = () => {
    if (first === null) {
      first = Date.now();
      stop();
    } else if (Date.now() - first > SAME_SIGNAL) {
      process.exit(exitCodes.interrupted);
    }
  };
  process.on("SIGINT", handler).on("SIGTERM", handler);
  return () => void process.off("SIGINT", handler).off("SIGTERM", handler);
}
