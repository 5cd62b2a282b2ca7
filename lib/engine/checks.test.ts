import { describe, expect, it } from "vitest";
import { parsePosition } from "#lib/core/position.ts";
import { checkCapture, checkGenerateRow } from "./checks.ts";
import type { CaptureRequest, GenerateRow, ModelDescription } from "./contract.ts";

const model = { layers: 5, hidden: 4, contextLength: 10 } as ModelDescription;

describe("a generation that the model cannot do", () => {
  const check = (row: Partial<GenerateRow>, prompt = [1, 2]) =>
    checkGenerateRow({ prompt: { text: "x" }, maxNewTokens: 3, ...row }, prompt, 1, model);

  it("is refused in one line that names the row", () => {
    const cases: [() => void, string][] = [
      [() => check({}, []), "row 2: the prompt holds no token: write some text"],
      [
        () => check({}, new Array(10).fill(1)),
        "row 2: the prompt is 10 tokens long and the model reads 10 with its answer: shorten it",
      ],
      [() => check({ maxNewTokens: 0 }), "row 2: maxNewTokens is 0: it must be a whole number of at least 1"],
      [
        () => check({ sampling: { temperature: -1, topP: 1 } }),
        "row 2: temperature is -1: it must be 0 or more",
      ],
      [
        () => check({ sampling: { temperature: 1, topP: 0 } }),
        "row 2: topP is 0: it must lie above 0 and up to 1",
      ],
    ];
    for (const [work, message] of cases) {
      expect(work).toThrow(expect.objectContaining({ code: "invalid-input", message }));
    }
  });

  it("passes what the model can do", () => {
    expect(() => check({ sampling: { temperature: 0, topP: 1 } }, new Array(9).fill(1))).not.toThrow();
  });
});

describe("a capture that the model cannot do", () => {
  const check = (request: Partial<CaptureRequest>) =>
    checkCapture(
      { rows: [], positions: [parsePosition("response[:]")], component: "residual", layers: [0], ...request },
      model,
    );

  it("is refused in one line", () => {
    const long = { promptTokens: new Array(8).fill(1), responseTokens: new Array(3).fill(1) };
    const cases: [Partial<CaptureRequest>, string][] = [
      [{ positions: [] }, "no position was asked for: name at least one, such as response[:]"],
      [{ layers: [] }, "no layer was asked for: name at least one"],
      [{ layers: [5] }, "there is no layer 5: this model has layers 0 to 4"],
      [{ layers: [2, 1] }, "layers must ascend, got 2, 1"],
      [{ rows: [long] }, "row 1 is 11 tokens long and the model reads 10: shorten it"],
    ];
    for (const [request, message] of cases) {
      expect(() => check(request)).toThrow(expect.objectContaining({ code: "invalid-input", message }));
    }
  });
});
