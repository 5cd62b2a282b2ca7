import { AppError } from "#lib/core/errors.ts";
import { type Instance, openInstance } from "./instance.ts";
import { tillerHome } from "./paths.ts";

// A bundle may hold this module more than once; the instance must exist once a process.
const holder = globalThis as typeof globalThis & { tillerInstance?: Promise<Instance> };

/** The instance that serves this process, opened on first use. Throws AppError `locked` and what `openInstance` throws. */
export function currentInstance(): Promise<Instance> {
  if (process.env.NEXT_PHASE === "phase-production-build") {
    throw new AppError("internal", "pages are being built: no instance is opened");
  }
  holder.tillerInstance ??= openInstance({ home: tillerHome(), command: "npm start", queue: true });
  return holder.tillerInstance;
}

/** Opens the instance when the server starts, tells where it serves, and lets go of the database when it ends. */
export async function startInstance(): Promise<void> {
  try {
    const instance = await currentInstance();
    instance.announce(`http://127.0.0.1:${process.env.PORT || 3000}`);
    const end = (code: number) => void instance.close().finally(() => process.exit(code));
    process.once("SIGTERM", () => end(0));
    process.once("SIGINT", () => end(130));
  } catch (error) {
    console.error(AppError.from(error).userMessage);
    process.exit(1);
  }
}
