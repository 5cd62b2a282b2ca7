import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "#lib/server/paths.ts";

/** Copies the demo model without its end token, so that every row of every side gets all its tokens. */
export function writeEndlessDemo(folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(projectRoot(), "public/models/demo"), folder, { recursive: true });
  writeFileSync(path.join(folder, "generation_config.json"), JSON.stringify({ eos_token_id: -1 }));
}

/** The scenarios of one side of the bundled trait `optimism`. */
export function traitLines(side: "positive" | "negative"): string[] {
  const file = path.join(projectRoot(), "datasets/traits/demo/optimism", `${side}.txt`);
  return readFileSync(file, "utf8").split("\n").filter(Boolean);
}

/** Texts of well over 100 tokens, made of the bundled scenarios. */
export function longTexts(count: number): string[] {
  const lines = traitLines("positive");
  return Array.from({ length: count }, (_, at) =>
    Array.from({ length: 12 }, (_, next) => lines[(at * 5 + next) % lines.length]).join(" "),
  );
}
