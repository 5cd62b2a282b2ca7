import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { describeGraph } from "../describe.ts";
import { instrument } from "../instrument.ts";
import { readModel } from "./read-model.ts";
import { readVarint } from "./wire.ts";
import { writeModel } from "./write-model.ts";
import { Message, varintBytes } from "./writer.ts";

const model = (kind: string) =>
  new Uint8Array(readFileSync(path.resolve("lib/testing/fixtures/graphs", kind, "onnx/model.onnx")));
const plain = model("plain");
const fused = model("fused");

/** The code of the `instrument` error that editing these bytes gives; null when it succeeds. Any other error is thrown. */
function failure(bytes: Uint8Array): unknown {
  try {
    instrument(bytes, { variant: "full", dataFile: "model.onnx" });
    return null;
  } catch (error) {
    if (error instanceof AppError && error.code === "instrument") return error.details?.code;
    throw error;
  }
}

const tensorType = (dims: (string | number)[]) =>
  new Message().message(
    1,
    dims.reduce(
      (type, dim) =>
        type.message(
          2,
          new Message().message(
            1,
            typeof dim === "number" ? new Message().varint(1, dim) : new Message().text(2, dim),
          ),
        ),
      new Message().varint(1, 1),
    ),
  );
const value = (name: string) => new Message().text(1, name).message(2, tensorType(["n"]));
const node = (opType: string, inputs: string[], outputs: string[]) => {
  const message = new Message();
  for (const input of inputs) message.text(1, input);
  for (const output of outputs) message.text(2, output);
  return message.text(4, opType);
};
/** A model with the inputs and outputs of a decoder around the given nodes. */
function graphOf(nodes: Message[], extra: (graph: Message) => Message = (graph) => graph): Uint8Array {
  const graph = new Message();
  for (const one of nodes) graph.message(1, one);
  extra(graph.message(11, value("input_ids")).message(12, value("logits")));
  return new Message()
    .varint(1, 8)
    .message(7, graph)
    .message(8, new Message().text(1, "").varint(2, 17))
    .finish();
}

describe("model files", () => {
  it.each([plain, fused])("are written as they were read", (bytes) => {
    const once = readModel(bytes);
    const again = readModel(writeModel(readModel(bytes)));
    const shape = ({ graph, opsets, producer }: ReturnType<typeof readModel>) => ({
      nodes: graph.nodes,
      weights: graph.initializers.map(({ content: _, ...tensor }) => tensor),
      inputs: graph.inputs,
      outputs: graph.outputs,
      rest: graph.rest,
      opsets,
      producer,
    });
    expect(shape(again)).toEqual(shape(once));
  });

  it("carry fields that are not known, byte for byte", () => {
    const unknown = new Message().text(1000, "a field of a later ONNX").varint(1001, 7).finish();
    const bytes = graphOf([node("Identity", ["input_ids"], ["logits"]).raw(unknown)], (graph) =>
      graph.raw(unknown),
    );
    const whole = new Uint8Array([...bytes, ...unknown]);
    const written = writeModel(readModel(whole));
    const count =
      Buffer.from(written).toString("latin1").split(Buffer.from(unknown).toString("latin1")).length - 1;
    expect(count).toBe(3);
  });

  it("keep offsets beyond 2 GB", () => {
    const external = (key: string, text: string) => new Message().text(1, key).text(2, text);
    const weight = new Message()
      .varint(1, 4)
      .varint(2, 1)
      .text(8, "w")
      .message(13, external("location", "model.onnx.data"))
      .message(13, external("offset", "9007199254740991"))
      .varint(14, 1);
    const bytes = graphOf([node("Add", ["input_ids", "w"], ["logits"])], (graph) => graph.message(5, weight));
    const [tensor] = readModel(writeModel(readModel(bytes))).graph.initializers;
    expect(tensor?.external.get("offset")).toBe("9007199254740991");
  });

  it("hold integers up to 2^53 of either sign", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        const bytes = varintBytes(number);
        expect(readVarint(bytes, 0)).toEqual({ value: number, size: bytes.length });
      }),
    );
  });
});

describe("damaged and hostile model files", () => {
  it("are refused as truncated wherever they end", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(plain, fused),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (bytes, share) => {
          expect(failure(bytes.subarray(0, Math.floor(bytes.length * share)))).not.toBeNull();
        },
      ),
    );
  });

  it("with flipped bits are read or refused with a coded error", () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.constantFrom(plain, fused), flips, (bytes, positions) => {
        const damaged = bytes.slice();
        for (const [at, bit] of positions)
          damaged[at % bytes.length] = (damaged[at % bytes.length] ?? 0) ^ (1 << bit);
        failure(damaged);
      }),
      { numRuns: 300 },
    );
  });

  it("of random bytes are refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(failure(bytes)).not.toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it("of random nodes over few names are read or refused with a coded error", () => {
    const name = fc.constantFrom("input_ids", "logits", "a", "b", "c", "d", "");
    const op = fc.constantFrom(
      "Add",
      "MatMul",
      "Cast",
      "Reshape",
      "Softmax",
      "SkipLayerNormalization",
      "If",
      "Shape",
    );
    const anyNode = fc
      .record({
        op,
        inputs: fc.array(name, { maxLength: 4 }),
        outputs: fc.array(name, { minLength: 1, maxLength: 4 }),
      })
      .map(({ op: opType, inputs, outputs }) => ({ opType, inputs, outputs }));
    fc.assert(
      fc.property(fc.array(anyNode, { maxLength: 12 }), (nodes) => {
        failure(graphOf(nodes.map(({ opType, inputs, outputs }) => node(opType, inputs, outputs))));
      }),
      { numRuns: 500 },
    );
  });

  it("that claim huge lengths are refused before anything is allocated", () => {
    const huge = new Message()
      .raw(varintBytes(7 * 8 + 2))
      .raw(varintBytes(2 ** 52))
      .finish();
    expect(failure(huge)).toBe("truncated");
    expect(failure(new Uint8Array())).toBe("truncated");
    expect(failure(new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\n"))).toBe(
      "not-onnx",
    );
  });

  it("with subgraphs nested two hundred deep are refused", () => {
    let inner = new Message().message(1, node("Identity", ["input_ids"], ["x"]));
    for (let depth = 0; depth < 200; depth++) {
      const attribute = new Message().text(1, "then_branch").message(6, inner);
      inner = new Message().message(1, node("If", ["x"], ["y"]).message(5, attribute));
    }
    const bytes = new Message().message(7, inner).message(8, new Message().varint(2, 17)).finish();
    expect(failure(bytes)).toBe("not-onnx");
  });

  it.each([
    [
      "a cycle",
      [
        node("Add", ["input_ids", "b"], ["a"]),
        node("Cast", ["a"], ["b"]),
        node("Add", ["a", "b"], ["logits"]),
      ],
    ],
    ["a node that reads itself", [node("Cast", ["logits"], ["logits"])]],
    [
      "two makers of one value",
      [node("Cast", ["input_ids"], ["logits"]), node("Cast", ["input_ids"], ["logits"])],
    ],
  ])("with %s are refused", (_, nodes) => {
    expect(failure(graphOf(nodes))).toBe("not-onnx");
  });

  it("with very many nodes and operands are read in time that grows with their size", () => {
    const count = 5_000;
    const adds = Array.from({ length: count }, (_, at) =>
      node("Add", [`x${at}`, `x${Math.max(0, at - 1)}`], [at === count - 1 ? "logits" : `x${at + 1}`]),
    );
    expect(failure(graphOf([node("Cast", ["input_ids"], ["x0"]), ...adds]))).not.toBeNull();
    const operands = Array.from({ length: count }, (_, at) => `y${at}`);
    const casts = operands.map((output) => node("Cast", ["input_ids"], [output]));
    expect(failure(graphOf([...casts, node("Sum", operands, ["logits"])]))).not.toBeNull();
  });

  it("with sums of sums of sums are not multiplied out", () => {
    const sums = Array.from({ length: 12 }, (_, at) =>
      node("Sum", Array<string>(60).fill(at === 0 ? "x" : `s${at - 1}`), [`s${at}`]),
    );
    const nodes = [node("Cast", ["input_ids"], ["x"]), ...sums, node("Add", ["s11", "x"], ["logits"])];
    expect(failure(graphOf(nodes))).not.toBeNull();
  });

  it("say what is missing", () => {
    expect(failure(graphOf([node("Identity", ["input_ids"], ["other"])]))).toBe("disconnected");
    expect(failure(graphOf([node("Identity", ["input_ids"], ["logits"])]))).toBe("no-residual");
    expect(() => describeGraph(plain, { expectedLayers: 5 })).toThrow(/2 layers.*5/);
  });
});
