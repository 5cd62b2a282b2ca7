import { describe, expect, it } from "vitest";
import { commandOf } from "./keys.ts";

const press = (
  key: string,
  held: Partial<Record<"ctrlKey" | "metaKey" | "shiftKey" | "altKey", boolean>> = {},
  inList = true,
) => commandOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held }, inList);

describe("keys of the review", () => {
  it.each([
    ["j", { do: "move", step: 1, extend: false }],
    ["K", { do: "move", step: -1, extend: false }],
    ["a", { do: "accept" }],
    ["x", { do: "reject" }],
    ["c", { do: "clear" }],
    ["e", { do: "edit" }],
    ["f", { do: "suggest" }],
    ["4", { do: "score", step: 4 }],
    ["?", { do: "help" }],
    ["h", { do: "hide" }],
  ])("%s", (key, command) => expect(press(key, {}, false)).toEqual(command));

  it("undo and redo with Ctrl or ⌘", () => {
    expect(press("z", { ctrlKey: true })).toEqual({ do: "undo" });
    expect(press("Z", { metaKey: true, shiftKey: true })).toEqual({ do: "redo" });
    expect(press("y", { ctrlKey: true })).toEqual({ do: "redo" });
    expect(press("Enter", { ctrlKey: true })).toEqual({ do: "next" });
  });

  it("leave the browser's own keys alone", () => {
    for (const key of ["c", "x", "f", "1"]) expect(press(key, { ctrlKey: true })).toBeNull();
    expect(press("a", { altKey: true })).toBeNull();
    expect(press("a", { ctrlKey: true }, false)).toBeNull();
    for (const key of [" ", "ArrowDown", "Enter", "Escape"]) expect(press(key, {}, false)).toBeNull();
    expect(press("?", { shiftKey: true })).toEqual({ do: "help" });
  });
});
