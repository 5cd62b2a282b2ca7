import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { type Dtype, dtypeBytes, isDtype } from "./dtypes.ts";
import { elementCount, type Tensor } from "./tensor.ts";

export interface SafetensorsFile {
  /** In the order of their bytes in the file. */
  tensors: Map<string, Tensor>;
  metadata: Record<string, string>;
}

const LENGTH_BYTES = 8;
// The reference reader's limit; a header above it is a damaged length, not a real file.
const MAX_HEADER_BYTES = 100_000_000;
const METADATA = "__metadata__";

const size = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});

/**
 * Reads a safetensors file: 8 bytes little-endian header length, JSON header, tensor bytes
 * (https://github.com/huggingface/safetensors#format). Tensors are views into `bytes`, not copies.
 * @param file name used in error messages
 * Throws `invalid-file` for a truncated file, a malformed header, or tensors that overlap, leave gaps, or reach outside.
 */
export function readSafetensors(bytes: Uint8Array, file = "safetensors file"): SafetensorsFile {
  const fail = (problem: string): never => {
    throw new AppError(
      "invalid-file",
      `${file}: ${problem}; the file is damaged or not safetensors: write or fetch it again`,
    );
  };
  if (bytes.byteLength < LENGTH_BYTES) return fail(`${bytes.byteLength} bytes are too few for a header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES)
    return fail(`the header claims ${headerBytes} bytes, more than any real file`);
  const dataStart = LENGTH_BYTES + headerBytes;
  if (dataStart > bytes.byteLength) {
    return fail(`the header claims ${headerBytes} bytes, but only ${bytes.byteLength - LENGTH_BYTES} follow`);
  }
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart), fail);

  const metadata: [string, string][] = [];
  const found: { name: string; dtype: Dtype; shape: number[]; start: number; end: number }[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) {
      metadata.push(...parseMetadata(value, fail));
      continue;
    }
    const where = `tensor ${JSON.stringify(name)}`;
    const entry = entrySchema.safeParse(value);
    if (!entry.success) return fail(`${where} needs dtype, shape and data_offsets`);
    const { dtype, shape, data_offsets } = entry.data;
    if (!isDtype(dtype)) return fail(`${where} has the unknown dtype ${JSON.stringify(dtype)}`);
    const [start, end] = data_offsets;
    const expected = elementCount(shape) * dtypeBytes[dtype];
    if (end - start !== expected) {
      return fail(
        `${where} (${dtype} [${shape.join(", ")}]) takes ${expected} bytes, but its offsets span ${end - start}`,
      );
    }
    found.push({ name, dtype, shape, start, end });
  }

  found.sort((a, b) => a.start - b.start || a.end - b.end);
  const tensors = new Map<string, Tensor>();
  const available = bytes.byteLength - dataStart;
  let position = 0;
  for (const { name, dtype, shape, start, end } of found) {
    const where = `tensor ${JSON.stringify(name)}`;
    if (start < position) return fail(`${where} starts at byte ${start}, inside the tensor before it`);
    if (start > position) return fail(`${position}-${start} are bytes of no tensor, before ${where}`);
    if (end > available)
      return fail(`${where} ends at byte ${end}, but the file holds ${available} bytes of data`);
    tensors.set(name, { dtype, shape, data: bytes.subarray(dataStart + start, dataStart + end) });
    position = end;
  }
  if (position !== available) return fail(`${available - position} bytes follow the last tensor`);
  return { tensors, metadata: Object.fromEntries(metadata) };
}

type Fail = (problem: string) => never;

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return fail("the header is not JSON in UTF-8");
  }
  if (header === null || typeof header !== "object" || Array.isArray(header)) {
    return fail("the header is not a JSON object");
  }
  return header as Record<string, unknown>;
}

function parseMetadata(value: unknown, fail: Fail): [string, string][] {
  const entries =
    value !== null && typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : null;
  if (!entries?.every((entry): entry is [string, string] => typeof entry[1] === "string")) {
    return fail("__metadata__ must be an object of strings");
  }
  return entries;
}

/**
 * Writes a safetensors file. The bytes depend on the content only, not on the order of the maps: as in the reference
 * writer, wider dtypes come first, then names in code-unit order, and spaces pad the header to a multiple of 8.
 * Throws `invalid-input` when a tensor's bytes do not fit its shape or a name is reserved.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const byName = (a: [string, unknown], b: [string, unknown]) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);
  const entries: [string, Tensor][] = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  entries.sort((a, b) => dtypeBytes[b[1].dtype] - dtypeBytes[a[1].dtype] || byName(a, b));

  const members: [string, unknown][] = [];
  const metadataEntries = Object.entries(metadata).sort(byName);
  if (metadataEntries.length > 0) members.push([METADATA, Object.fromEntries(metadataEntries)]);
  let position = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    const expected = elementCount(shape) * dtypeBytes[dtype];
    if (name === METADATA) throw new AppError("invalid-input", `a tensor cannot be named ${METADATA}`);
    if (data.byteLength !== expected) {
      throw new AppError(
        "invalid-input",
        `tensor ${JSON.stringify(name)} (${dtype} [${shape.join(", ")}]) takes ${expected} bytes, not ${data.byteLength}`,
      );
    }
    members.push([name, { dtype, shape, data_offsets: [position, position + expected] }]);
    position += expected;
  }
  // Object.fromEntries would move integer-like names to the front and so undo the order.
  const json = `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
  const header = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(header.byteLength / 8) * 8;

  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + position);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
  bytes.set(header, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerBytes;
  for (const [, { data }] of entries) {
    bytes.set(data, at);
    at += data.byteLength;
  }
  return bytes;
}
