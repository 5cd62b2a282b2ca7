import type { BuildPorts } from "#lib/builds/ports.ts";
import { ProgressTracker } from "#lib/builds/progress.ts";
import { buildInProcess } from "#lib/server/builds/command.ts";
import type { BuildPlaces } from "#lib/server/builds/kinds.ts";
import { tillerHome } from "#lib/server/paths.ts";
import type { TeacherSettings } from "#lib/teacher/settings.ts";
import { BuildPrinter } from "./build-progress.ts";
import { onInterrupt } from "./interrupt.ts";
import { LiveLine, stderrScreen } from "./live-line.ts";
import { tell } from "./output.ts";

/**
 * Runs a build of a command with its progress on stderr; Ctrl+C stops it after what is in flight.
 * @param folder absolute
 * @param command without `tiller`
 */
export async function runBuild<Result>(
  command: string,
  folder: string,
  teacher: TeacherSettings,
  work: (ports: BuildPorts, places: BuildPlaces) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const now = () => new Date();
  const line = new LiveLine(stderrScreen(), now);
  const printer = new BuildPrinter(line, now);
  const progress = new ProgressTracker(now, (next) => printer.hear(next));
  const release = onInterrupt(() => {
    line.end();
    tell("stopping; what is finished is kept, and the same command goes on (Ctrl+C again: at once)");
    stop.abort();
  });
  try {
    const home = tillerHome();
    return await buildInProcess(
      { home, folder, command: `tiller ${command}`, teacher, progress, signal: stop.signal },
      work,
    );
  } finally {
    line.end();
    release();
  }
}
