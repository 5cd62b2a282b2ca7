import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { ZodError, type z } from "zod";
import { AppError, type ErrorCode } from "#lib/core/errors.ts";
import { currentInstance } from "./current.ts";
import type { Instance } from "./instance.ts";
import { publicError } from "./log.ts";

const statuses: Partial<Record<ErrorCode, number>> = {
  usage: 400,
  "invalid-input": 400,
  "invalid-file": 422,
  "not-found": 404,
  conflict: 409,
  locked: 423,
  forbidden: 403,
  "model-unsupported": 422,
  instrument: 422,
  "device-unavailable": 422,
  "judge-key-missing": 422,
  "judge-rejected": 422,
  "judge-unreachable": 502,
  "judge-unparsable": 502,
  "disk-full": 507,
};

type Params = Record<string, string | string[]>;

export interface RouteCall<P extends Params> {
  instance: Instance;
  request: Request;
  params: P;
  query: URLSearchParams;
}

/** A route: opens the instance, runs the use case, and turns an AppError into a status with `{error}`. */
export function route<P extends Params = Params>(handle: (call: RouteCall<P>) => Promise<Response>) {
  return async (request: Request, context: { params: Promise<P> }): Promise<Response> => {
    let instance: Instance | null = null;
    try {
      instance = await currentInstance();
      return await handle({
        instance,
        request,
        params: await context.params,
        query: new URL(request.url).searchParams,
      });
    } catch (thrown) {
      return errorResponse(thrown, instance);
    }
  };
}

function errorResponse(thrown: unknown, instance: Instance | null): Response {
  const error = errorOf(thrown, instance);
  return Response.json({ error: error.toJSON() }, { status: statusOf(error) });
}

/** The HTTP status that says the same. */
export function statusOf({ code }: AppError): number {
  return statuses[code] ?? 500;
}

/** What was thrown as it may leave the server; what is not an AppError is logged whole. */
export function errorOf(thrown: unknown, instance: Instance | null): AppError {
  const known = thrown instanceof ZodError ? invalid(thrown) : AppError.from(thrown);
  if (known.code === "internal") instance?.log.error("a request failed", thrown);
  return instance ? publicError(known, instance.log) : known;
}

function invalid(error: ZodError): AppError {
  const issue = error.issues[0];
  const field = issue?.path.join(".") || "the request";
  return new AppError("invalid-input", `${field}: ${issue?.message ?? "not understood"}`);
}

/** The request's JSON body. Throws `invalid-input`. */
export async function bodyOf<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await request.text();
  try {
    return schema.parse(text === "" ? {} : JSON.parse(text));
  } catch (error) {
    if (error instanceof ZodError) throw error;
    throw new AppError("invalid-input", "the request's body is not JSON");
  }
}

/** The request's body as it is. Throws `invalid-input` for one that was cut off on its way. */
export async function bytesOf(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  const told = request.headers.get("content-length");
  if (told === null || Number(told) === bytes.length) return bytes;
  throw new AppError(
    "invalid-input",
    `only ${bytes.length} of ${told} bytes arrived: send a smaller file, or use the command line`,
  );
}

/** A file to be saved, sent as it is read. */
export async function fileResponse(file: string): Promise<Response> {
  const { size } = await stat(file);
  return new Response(Readable.toWeb(createReadStream(file)) as ReadableStream, {
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(size),
      "content-disposition": `attachment; filename="${path.basename(file).replace(/[^\w.-]/g, "_")}"`,
    },
  });
}
