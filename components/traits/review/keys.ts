export type Command =
  | { do: "move"; step: 1 | -1; extend: boolean }
  | { do: "end"; step: 1 | -1 }
  | { do: "accept" | "reject" | "clear" | "edit" | "suggest" | "next" | "undo" | "redo" | "help" | "hide" }
  | { do: "select" | "select-all" | "deselect" }
  | { do: "score"; step: 1 | 2 | 3 | 4 | 5 };

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/**
 * What a key means in the review; null where it is not one of its keys. @param inList the list has the focus: arrows,
 * space and Ctrl+A belong to whatever else has it
 */
export function commandOf(
  { key, ctrlKey, metaKey, shiftKey, altKey }: Keys,
  inList: boolean,
): Command | null {
  if (altKey) return null;
  const name = key.length === 1 ? key.toLowerCase() : key;
  if (ctrlKey || metaKey) {
    if (name === "z") return { do: shiftKey ? "redo" : "undo" };
    if (name === "y" && !shiftKey) return { do: "redo" };
    if (name === "Enter") return { do: "next" };
    return name === "a" && inList ? { do: "select-all" } : null;
  }
  if (inList) {
    if (name === "ArrowDown") return { do: "move", step: 1, extend: shiftKey };
    if (name === "ArrowUp") return { do: "move", step: -1, extend: shiftKey };
    if (name === "Home") return { do: "end", step: -1 };
    if (name === "End") return { do: "end", step: 1 };
    if (name === " ") return { do: "select" };
    if (name === "Escape") return { do: "deselect" };
    if (name === "Enter") return { do: "edit" };
  }
  if (name === "j") return { do: "move", step: 1, extend: shiftKey };
  if (name === "k") return { do: "move", step: -1, extend: shiftKey };
  if (name === "?") return { do: "help" };
  if (shiftKey) return null;
  if (/^[1-5]$/.test(name)) return { do: "score", step: Number(name) as 1 };
  return letters[name] ?? null;
}

const letters: Record<string, Command> = {
  a: { do: "accept" },
  x: { do: "reject" },
  c: { do: "clear" },
  e: { do: "edit" },
  f: { do: "suggest" },
  h: { do: "hide" },
};

/** For the help: the keys and what they do. */
export const keyHelp: readonly [keys: string, does: string][] = [
  ["J / K", "next and previous item (↓ / ↑ in the list; Home, End)"],
  ["A", "accept: it passes, whatever the judge says"],
  ["X", "reject: it fails, whatever the judge says"],
  ["1 – 5", "a score of your own: 0, 25, 50, 75, 100; the thresholds make a verdict of it"],
  ["C", "clear your verdict: the judge's counts again"],
  ["E", "edit the line (Enter in the list)"],
  ["F", "suggest a fix, or go to the suggestion that is there"],
  ["A or Enter, E, X", "on a suggestion: accept, edit, reject; Esc goes back to the list"],
  ["Ctrl+Enter", "save and go to the next item"],
  ["Esc", "leave the edit as it was; in the list: select nothing"],
  ["Ctrl+Z", "undo the last edit or verdict"],
  ["Ctrl+Shift+Z, Ctrl+Y", "redo"],
  ["Space", "select or deselect, for the buttons below the list"],
  ["Shift+J / Shift+K", "select while moving (Shift+↓ / ↑ in the list)"],
  ["Ctrl+A", "in the list: select all that is shown"],
  ["H", "hide or show the judge's scores"],
  ["?", "this help"],
];
