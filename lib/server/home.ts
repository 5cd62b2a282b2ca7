import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";

/** What a new home starts with: the bundled traits and the sample experiment's settings. */
const bundled = ["datasets/traits/demo", "experiments/sample/config.json"];

/**
 * Makes `home` usable: its folders, and the bundled traits and sample experiment where they are not there.
 * Nothing that is there is touched. Throws `forbidden` when it cannot be written.
 */
export function prepareHome(home: string, root: string): void {
  try {
    mkdirSync(path.join(/* turbopackIgnore: true */ home, ".tiller"), { recursive: true });
    if (path.resolve(home) === path.resolve(root)) return;
    for (const name of bundled)
      copyIfMissing(
        path.join(/* turbopackIgnore: true */ root, name),
        path.join(/* turbopackIgnore: true */ home, name),
      );
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new AppError(
      "forbidden",
      `TILLER_HOME ${home} cannot be used (${code}): choose a folder you may write to`,
      {
        cause: error,
      },
    );
  }
}

function copyIfMissing(source: string, target: string): void {
  if (existsSync(/* turbopackIgnore: true */ target) || !existsSync(/* turbopackIgnore: true */ source))
    return;
  mkdirSync(path.dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}.tmp`;
  cpSync(/* turbopackIgnore: true */ source, temporary, { recursive: true });
  try {
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another process was quicker.
    if (!existsSync(target)) throw error;
  }
}
