// Writes each layer's prompts/catalogue.ts from the text files beside it: the text files are the one source
// (the demo model's corpus reads the judge's, too), and those layers may not read files. Run after editing a prompt.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const layers = ["judge", "authoring", "caa", "refinery"];
const folderOf = (layer) => new URL(`../../lib/${layer}/prompts/`, import.meta.url);

/** A layer's prompt sets as they lie on disk: `{set: {version, prompts: {name: text}}}`; one final newline is not part of a prompt. */
export function readPromptSets(layer = "judge") {
  const folder = folderOf(layer);
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Object.fromEntries(names.map((set) => [set, readSet(set, folder)]));
}

function readSet(set, folder) {
  const files = readdirSync(new URL(`${set}/`, folder))
    .filter((file) => file.endsWith(".txt"))
    .sort();
  const prompts = Object.fromEntries(
    files.map((file) => [
      file.replace(/\.txt$/, ""),
      readFileSync(new URL(`${set}/${file}`, folder), "utf8").replace(/\n$/, ""),
    ]),
  );
  const digest = createHash("sha256").update(JSON.stringify(prompts)).digest("hex");
  return { version: `${set}@${digest.slice(0, 8)}`, prompts };
}

/** The text of catalogue.ts for these sets. */
export function renderCatalogue(sets) {
  const lines = [
    "// Made by tools/project/prompts.mjs from the .txt files in this folder; edit those and run it again.",
    "// biome-ignore-all format: generated",
    "",
    "export const promptSets = {",
  ];
  for (const [set, { version, prompts }] of Object.entries(sets)) {
    lines.push(`  ${JSON.stringify(set)}: {`, `    version: ${JSON.stringify(version)},`, "    prompts: {");
    for (const [name, text] of Object.entries(prompts)) {
      lines.push(`      ${JSON.stringify(name)}: ${JSON.stringify(text)},`);
    }
    lines.push("    },", "  },");
  }
  return `${[...lines, "} as const;"].join("\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const layer of layers) {
    writeFileSync(new URL("catalogue.ts", folderOf(layer)), renderCatalogue(readPromptSets(layer)));
  }
}
