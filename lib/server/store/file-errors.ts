import { AppError } from "#lib/core/errors.ts";

/** `ENOENT`; empty where the system says none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Null for a file that is not there. Throws `invalid-file` for a folder. */
export async function missingIsNull<T>(work: Promise<T>, file: string): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
    if (codeOf(error) === "EISDIR") {
      throw new AppError("invalid-file", `${file} is a folder where a file is expected`, { cause: error });
    }
    throw error;
  }
}

/** Work that writes: a full disk and missing rights are told in the person's words. Throws `disk-full`, `forbidden`. */
export async function translated(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOSPC" || code === "EDQUOT") {
      throw new AppError(
        "disk-full",
        `no space left to write ${file}: free some, then run again; nothing finished is lost`,
        {
          retryable: true,
          cause: error,
        },
      );
    }
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
      throw new AppError("forbidden", `${file} cannot be written (${code}): check the folder's permissions`, {
        cause: error,
      });
    }
    throw error;
  }
}
