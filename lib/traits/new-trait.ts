import type { TraitTexts } from "./document.ts";
import { formatSteering } from "./steering-file.ts";

/** The files of a trait, ready to be written in. @param trait its name without the category */
export function newTraitTexts(trait: string): TraitTexts {
  return {
    "positive.txt": "",
    "negative.txt": "",
    "definition.txt": `${trait}: how strongly the text shows it.
HIGH (80-100): it clearly shows ${trait}.
MID (40-60): it is mixed, or cannot be told.
LOW (0-20): it clearly shows the opposite.
Key distinction: judge what the text does, not what it talks about.
`,
    "steering.json": formatSteering({ questions: ["How was your day?"] }),
  };
}
