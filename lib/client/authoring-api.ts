import {
  type BatchRequest,
  type BatchResponse,
  batchResponseSchema,
  type FixesRequest,
  type FixesResponse,
  fixesResponseSchema,
} from "#lib/authoring/api.ts";
import { request } from "./request.ts";
import { traitPath } from "./traits-api.ts";

interface Options {
  /** Ends the calls of the server, too. */
  signal?: AbortSignal;
  /** The server's address; in a page of its own none is needed. */
  base?: string;
}

/** New pairs for `category/trait`, written by a model; nothing is saved. Throws AppError as `request` does. */
export function writeBatch(
  trait: string,
  body: BatchRequest,
  { signal, base = "" }: Options = {},
): Promise<BatchResponse> {
  return request(batchResponseSchema, traitPath(`${base}/api`, trait, "/batch"), {
    method: "POST",
    body,
    ...(signal && { signal }),
  });
}

/** A new line for each failed one; nothing is saved. Throws as `writeBatch` does; one line's error is in its answer. */
export function suggestFixes(
  trait: string,
  body: FixesRequest,
  { signal, base = "" }: Options = {},
): Promise<FixesResponse> {
  return request(fixesResponseSchema, traitPath(`${base}/api`, trait, "/fixes"), {
    method: "POST",
    body,
    ...(signal && { signal }),
  });
}
