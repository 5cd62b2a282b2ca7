import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { formatJson, parseJson } from "./json.ts";
import { formatJsonl, parseJsonl, withoutHalfLastLine } from "./jsonl.ts";

describe("JSON files", () => {
  it("indents by two and keeps numbers on one line", () => {
    const value = {
      a: [1, 2.5],
      b: [[1, 2], [3]],
      c: [],
      d: {},
      e: ["x", null],
      f: undefined,
      g: { h: true },
    };
    expect(formatJson(value)).toBe(
      [
        "{",
        '  "a": [1, 2.5],',
        '  "b": [',
        "    [1, 2],",
        "    [3]",
        "  ],",
        '  "c": [],',
        '  "d": {},',
        '  "e": [',
        '    "x",',
        "    null",
        "  ],",
        '  "g": {',
        '    "h": true',
        "  }",
        "}",
        "",
      ].join("\n"),
    );
  });

  it("says the same as JSON.stringify, whatever the value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = formatJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(parseJson(text, "x.json", z.unknown())).toEqual(JSON.parse(text));
      }),
    );
    expect(formatJson({ at: new Date(0) })).toBe('{\n  "at": "1970-01-01T00:00:00.000Z"\n}\n');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("refuses %s", (bad) => {
    expect(() => formatJson({ a: [{ b: bad }] })).toThrow(`$.a[0].b is ${bad}`);
    expect(() => formatJsonl([1, { b: bad }])).toThrow(`row 1: b is ${bad}`);
  });

  it.each([
    ["", "x.json: the file is empty"],
    ['{\n  "a": 1,\n}', "x.json:3:1: malformed JSON"],
    ['{\n  "a": x\n}', "x.json:2:8: malformed JSON"],
    ['{"a": NaN}', "x.json:1:7: malformed JSON"],
    ['{"a": 1', "x.json:1:8: malformed JSON"],
    ['{"a": 1} x', "x.json:1:10: malformed JSON"],
    ["{'a': 1}", "x.json:1:2: malformed JSON"],
    ['{"a": "b\n"}', "x.json:1:"],
    ["[".repeat(100_000), "malformed JSON"],
  ])("says where %j is malformed, in one line", (text, message) => {
    expect(() => parseJson(text, "x.json", z.unknown())).toThrow(message);
    expect(() => parseJson(text, "x.json", z.unknown())).toThrow(/^[^\n]*$/);
  });

  it("names the path of a wrong shape", () => {
    const schema = z.object({ results: z.array(z.object({ score: z.number() })) });
    const text = '{"results": [{"score": 1}, {"score": "2"}, {}]}';
    expect(() => parseJson(text, "scores.json", schema)).toThrow(
      /^scores\.json: results\[1\]\.score: .*number.* \(and 1 more\)$/,
    );
    expect(() => parseJson("[]", "scores.json", schema)).toThrow(/^scores\.json: .*object/);
  });

  it("accepts a byte order mark", () => {
    expect(parseJson('\uFEFF{"a":1}', "x.json", z.object({ a: z.number() }))).toEqual({ a: 1 });
  });
});

describe("JSON Lines", () => {
  const row = z.object({ a: z.number() });

  it("round-trips, with CRLF, blank lines and a BOM", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (rows) => {
        const text = formatJsonl(rows);
        const expected = rows.map((value) => JSON.parse(JSON.stringify(value)));
        expect(parseJsonl(text, "x.jsonl", z.unknown())).toEqual(expected);
        const windows = `\uFEFF${text.replaceAll("\n", "\r\n\r\n")}`;
        expect(parseJsonl(windows, "x.jsonl", z.unknown())).toEqual(expected);
      }),
    );
  });

  it("names file, line and column or path", () => {
    expect(() => parseJsonl('{"a":1}\n\n{"a":}\n', "x.jsonl", row)).toThrow(
      /^x\.jsonl:3:6: malformed JSON: /,
    );
    expect(() => parseJsonl('{"a":1}\n{"a":"1"}\n', "x.jsonl", row)).toThrow(/^x\.jsonl:2: a: /);
  });

  it("forgives a half-written last line only where that is asked for, and only the last", () => {
    const whole = '{"a":1}\n{"a":2}\n';
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.slice(0, length);
      const rows = parseJsonl(cut, "x.jsonl", row, { allowHalfLastLine: true });
      expect(rows.length).toBe(length < 7 ? 0 : length < 15 ? 1 : 2);
      expect(withoutHalfLastLine(cut)).toBe(
        length < 7 ? "" : length === 7 ? cut : whole.slice(0, length < 15 ? 8 : length),
      );
    }
    expect(() => parseJsonl('{"a":1}\n{"a"', "x.jsonl", row)).toThrow(AppError);
    expect(() => parseJsonl('{"a"\n{"a":1}', "x.jsonl", row, { allowHalfLastLine: true })).toThrow(
      /^x\.jsonl:1:/,
    );
    // A complete line (with its newline) that is malformed is damage, not a kill.
    expect(() => parseJsonl('{"a":1}\n{"a"\n', "x.jsonl", row, { allowHalfLastLine: true })).toThrow(
      /^x\.jsonl:2:/,
    );
  });
});
