import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { readGguf, writeGguf } from "./gguf.ts";
import { float16Tensor, float32Tensor, toFloat32 } from "./tensor.ts";

// Written by tools/references/gguf_files.py with the gguf package.
const fixture = z
  .object({
    file: z.base64(),
    metadata: z.record(z.string(), z.unknown()),
    directions: z.record(z.string(), z.array(z.number())),
  })
  .parse(JSON.parse(readFileSync(new URL("./fixtures/gguf.json", import.meta.url), "utf8")));
const recorded = Uint8Array.from(Buffer.from(fixture.file, "base64"));

describe("GGUF", () => {
  it("reads what the gguf package writes", () => {
    const { metadata, tensors } = readGguf(recorded);
    expect(Object.fromEntries(metadata)).toMatchObject(fixture.metadata);
    const read = [...tensors].map(([name, tensor]) => [
      name.replace("direction.", ""),
      [...toFloat32(tensor)],
    ]);
    expect(Object.fromEntries(read)).toEqual(fixture.directions);
  });

  it("gives back what it wrote, and equal bytes for equal content", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "grapheme" }), fc.oneof(fc.string(), fc.nat())),
        fc.array(fc.float32Array({ minLength: 1, maxLength: 40, noNaN: true }), { maxLength: 5 }),
        (fields, vectors) => {
          const metadata = new Map(Object.entries(fields).filter(([name]) => name !== "general.alignment"));
          const tensors = new Map(
            vectors.map((vector, at) => [
              `direction.${at}`,
              float32Tensor(new Float32Array(vector), [vector.length]),
            ]),
          );
          const bytes = writeGguf(metadata, tensors);
          const file = readGguf(bytes);
          expect(file.metadata).toEqual(metadata);
          expect([...file.tensors].map(([name, { shape }]) => [name, shape])).toEqual(
            [...tensors].map(([name, { shape }]) => [name, shape]),
          );
          for (const [name, tensor] of tensors) {
            expect(file.tensors.get(name)?.data).toEqual(new Uint8Array(tensor.data));
          }
          expect(writeGguf(metadata, tensors)).toEqual(bytes);
        },
      ),
    );
  });

  it("keeps shapes of several axes and half precision", () => {
    const matrix = float32Tensor(Float32Array.from([1, 2, 3, 4, 5, 6]), [2, 3]);
    const half = float16Tensor(Float32Array.from([0.5, -1]), [2]);
    const { tensors } = readGguf(
      writeGguf(
        new Map(),
        new Map([
          ["m", matrix],
          ["h", half],
        ]),
      ),
    );
    expect(tensors.get("m")?.shape).toEqual([2, 3]);
    expect([...toFloat32(tensors.get("h") ?? matrix)]).toEqual([0.5, -1]);
  });

  it("says what is wrong with any damaged file, and never hangs or crashes", () => {
    fc.assert(
      fc.property(fc.nat(recorded.length - 1), fc.nat(255), fc.nat(recorded.length), (at, value, length) => {
        const damaged = recorded.slice(0, length);
        if (at < damaged.length) damaged[at] = value;
        try {
          readGguf(damaged, "x.gguf");
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect((error as AppError).message).toMatch(/^x\.gguf: /);
        }
      }),
    );
    expect(() => readGguf(new Uint8Array(3), "x.gguf")).toThrow("x.gguf: it ends in the middle");
    expect(() => readGguf(new TextEncoder().encode("GGML----------------"), "x.gguf")).toThrow(
      'begin with "GGUF"',
    );
  });
});
