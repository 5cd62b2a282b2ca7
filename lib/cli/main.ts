import { readFileSync } from "node:fs";
import path from "node:path";
import { CommanderError } from "commander";
import { AppError } from "#lib/core/errors.ts";
import { openLog } from "#lib/server/log.ts";
import { projectRoot, tillerHome } from "#lib/server/paths.ts";
import { exitCodeOf, exitCodes, tell } from "./output.ts";
import { buildProgram } from "./program.ts";

const { version } = JSON.parse(readFileSync(path.join(projectRoot(), "package.json"), "utf8")) as {
  version: string;
};

/** Runs one command line. @returns the exit code (contract.md) */
async function main(words: string[]): Promise<number> {
  let code: number = exitCodes.ok;
  try {
    const program = buildProgram(version, (reported) => {
      code = reported;
    });
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    // Commander has said what is wrong; help that was asked for is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const known = AppError.from(error);
    tell(known.code === "internal" ? internal(error) : known.userMessage);
    return exitCodeOf(known);
  }
}

/** The log has the whole of what nobody foresaw; the person gets its place. */
function internal(error: unknown): string {
  const known = AppError.from(error);
  const own = error instanceof AppError && known.userMessage !== known.message;
  try {
    const log = openLog(tillerHome());
    log.error("a command failed", error);
    return own
      ? known.userMessage
      : `something went wrong inside Tiller (${known.message}); ${log.file} has the details`;
  } catch {
    return known.message;
  }
}

// A reader that goes away (`| head`) ends the command quietly.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

process.exitCode = await main(process.argv.slice(2));
await new Promise((resolve) => process.stdout.write("", resolve));
// Worker threads of a model may linger for their idle time: the work is done.
process.exit();
