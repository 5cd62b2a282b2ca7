import path from "node:path";

/** The project's own folder: sources, bundled model and traits. Set by the bootstrap; else the working folder. */
export function projectRoot(): string {
  return path.resolve(/* turbopackIgnore: true */ process.env.TILLER_ROOT || process.cwd());
}

/** Where the user's data lives (`datasets/`, `experiments/`, `.tiller/`): TILLER_HOME, by default the project folder. */
export function tillerHome(): string {
  return path.resolve(/* turbopackIgnore: true */ process.env.TILLER_HOME || projectRoot());
}

/** A path that a person typed: relative ones start where they stand, not in the project folder npm moved to. */
export function userPath(file: string): string {
  return path.resolve(process.env.TILLER_CWD || process.cwd(), file);
}

/** Work state of one home: database, lock, log, models. */
export function workFolder(home: string): string {
  return path.join(home, ".tiller");
}
