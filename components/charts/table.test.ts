import { expect, it } from "vitest";
import { toCsv } from "./table.ts";

it("quotes what a spreadsheet would split", () => {
  expect(
    toCsv({
      columns: ["layer", "note"],
      rows: [
        [1, 'a "b", c'],
        [2, null],
      ],
    }),
  ).toBe('layer,note\n1,"a ""b"", c"\n2,\n');
});
