import type { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { readSafetensors, writeSafetensors } from "#lib/formats/safetensors.ts";
import type { Tensor } from "#lib/formats/tensor.ts";

// A lending message is a safetensors file: numbers as tensors, all else as JSON in its metadata.

export function pack(head: unknown, tensors: Readonly<Record<string, Tensor>> = {}): Uint8Array<ArrayBuffer> {
  return writeSafetensors(tensors, { head: JSON.stringify(head) });
}

/** @param what names the message in errors. Throws `invalid-file`, `invalid-input`. */
export function unpack<Schema extends z.ZodType>(
  bytes: Uint8Array,
  schema: Schema,
  what: string,
): { head: z.output<Schema>; tensors: Map<string, Tensor> } {
  const { tensors, metadata } = readSafetensors(bytes, what);
  let json: unknown;
  try {
    json = JSON.parse(metadata.head ?? "");
  } catch (cause) {
    throw new AppError("invalid-input", `${what} has no readable head`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { head: parsed.data, tensors };
  const issue = parsed.error.issues[0];
  throw new AppError(
    "invalid-input",
    `${what}: ${issue?.path.join(".") || "its head"}: ${issue?.message ?? "not understood"}`,
  );
}
