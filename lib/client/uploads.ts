import { useCallback, useEffect, useRef, useState } from "react";
import {
  type BuildKindName,
  type UploadSource,
  type UploadState,
  uploadPartBytes,
  uploadStateSchema,
} from "#lib/builds/api.ts";
import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import { sleep } from "#lib/core/sleep.ts";
import { type BuildInput, buildPath, type Upload } from "./builds.ts";
import { request } from "./request.ts";

/** Bytes of a file that have arrived. */
export interface UploadProgress {
  name: string;
  sent: number;
  size: number;
}

/** Pauses before a part is tried again, in milliseconds; after the last one the upload fails. */
const PAUSES = [1_000, 4_000, 16_000];

/** Uploads of a form, one at a time, with how far they are; leaving the page ends them. */
export function useUploads(kind: BuildKindName) {
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const [uploading, setUploading] = useState(false);
  const controller = useRef<AbortController | null>(null);
  const cancel = useCallback(() => controller.current?.abort(), []);
  useEffect(() => cancel, [cancel]);
  const upload: Upload = useCallback(
    async (name, inputs) => {
      controller.current?.abort();
      const own = new AbortController();
      controller.current = own;
      setUploading(true);
      try {
        for (const input of inputs) await uploadInput(kind, name, input, setProgress, own.signal);
      } catch (error) {
        if (!own.signal.aborted) throw error;
        throw new AppError("aborted", "The upload was cancelled: the same file goes on where it stopped.");
      } finally {
        if (controller.current === own) {
          setProgress(null);
          setUploading(false);
        }
      }
    },
    [kind],
  );
  return { progress, uploading, upload, cancel };
}

async function uploadInput(
  kind: BuildKindName,
  name: string,
  { file, source }: BuildInput,
  onProgress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { size } = source;
  const told: UploadSource = { name: source.name, size, modified: source.lastModified };
  const path = `${buildPath(kind, name)}/uploads/${encodeURIComponent(file)}`;
  const query = (own: object) =>
    new URLSearchParams(Object.entries({ ...told, ...own }).map(([key, value]) => [key, String(value)]));
  let state = await request(uploadStateSchema, `${path}?${query({})}`, { method: "POST", signal });
  while (!state.complete) {
    const { received: offset } = state;
    onProgress({ name: source.name, sent: offset, size });
    const body = source.slice(offset, offset + uploadPartBytes);
    state = await tried(source, signal, () =>
      request(uploadStateSchema, `${path}?${query({ offset })}`, { method: "PUT", body, signal }),
    );
  }
}

/** Again after a pause where nobody answered, or the server broke; what it refused stays refused. */
async function tried(
  source: File,
  signal: AbortSignal,
  send: () => Promise<UploadState>,
): Promise<UploadState> {
  for (let tries = 0; ; tries++) {
    try {
      return await send();
    } catch (error) {
      throwIfAborted(signal);
      const pause = PAUSES[tries];
      if (AppError.from(error).code !== "internal" || pause === undefined) throw error;
      await requireReadable(source);
      await sleep(pause, signal);
    }
  }
}

/** Throws `invalid-file` for a file that was changed or taken away since it was chosen. */
async function requireReadable(source: File): Promise<void> {
  try {
    await source.slice(0, 1).arrayBuffer();
  } catch (cause) {
    throw new AppError("invalid-file", `${source.name} has changed since it was chosen: choose it again`, {
      cause,
    });
  }
}
