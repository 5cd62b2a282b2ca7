import { readFile } from "node:fs/promises";
import { AppError } from "#lib/core/errors.ts";
import { userPath } from "#lib/server/paths.ts";
import { decodeText } from "#lib/traits/lines.ts";

/** The text of a file that a person named. Throws `not-found`, and `invalid-file` for what is not UTF-8. */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(userPath(file)).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === "ENOENT"
        ? "is not there: check its path"
        : `cannot be read (${error.code ?? error.message})`;
    throw new AppError("not-found", `${file} ${why}`);
  });
  return decodeText(bytes, file);
}
