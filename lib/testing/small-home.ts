import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A trait that the built-in judge knows, of a bundled one's first lines. */
export const smallTrait = "small/optimism";

/**
 * Makes a home with a small trait; the rest of a home is copied in by Tiller itself.
 * @param questions that steering asks; all by default
 * @param trait of which the last name is the bundled one's, whose first lines it has
 */
export function prepareSmallHome(home: string, pairs = 8, questions?: number, trait = smallTrait): void {
  const bundled = path.resolve("datasets/traits/demo", path.basename(trait));
  const folder = path.join(home, "datasets/traits", trait);
  mkdirSync(folder, { recursive: true });
  for (const file of ["positive.txt", "negative.txt"]) {
    const lines = readFileSync(path.join(bundled, file), "utf8").split("\n").slice(0, pairs);
    writeFileSync(path.join(folder, file), `${lines.join("\n")}\n`);
  }
  cpSync(path.join(bundled, "definition.txt"), path.join(folder, "definition.txt"));
  const steering = JSON.parse(readFileSync(path.join(bundled, "steering.json"), "utf8"));
  const asked = { ...steering, questions: steering.questions.slice(0, questions) };
  writeFileSync(path.join(folder, "steering.json"), JSON.stringify(asked));
}
