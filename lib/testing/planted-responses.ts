import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseTraitId, polarities } from "#lib/core/names.ts";
import { parsePosition } from "#lib/core/position.ts";
import { formatJson } from "#lib/formats/json.ts";
import { resultPaths } from "#lib/pipeline/paths.ts";
import { formatResponses } from "#lib/pipeline/responses.ts";
import { prepareSmallHome, smallTrait } from "./small-home.ts";

/** The experiment that `plantResponses` makes. */
export const plantedExperiment = "planted";

const answers = {
  positive: ["it would all turn out well", "new friends would come", "the summer was near"],
  // Every third says nothing of the trait: no vector parts all rows.
  negative: ["it would all end badly", "nobody would come", "the summer was near"],
};

/** An experiment whose responses are there, as if imported: capture can begin, nothing was vetted. */
export function plantResponses(home: string, pairs: number, questions: number): void {
  prepareSmallHome(home, pairs, questions);
  const paths = resultPaths(
    plantedExperiment,
    parseTraitId(smallTrait),
    parsePosition("response[:]"),
    "residual",
  );
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), text);
  };
  write(
    `experiments/${plantedExperiment}/config.json`,
    formatJson({
      extraction_model: "demo",
      traits: [smallTrait],
      vet: false,
      methods: ["mean_diff", "probe", "random"],
      layers: "2",
      val_split: 0.4,
      steering_max_new_tokens: 16,
    }),
  );
  for (const polarity of polarities) {
    const lines = readFileSync(path.join(home, "datasets/traits", smallTrait, `${polarity}.txt`), "utf8");
    const entries = lines
      .trimEnd()
      .split("\n")
      .map((question, index) => ({
        index,
        question,
        answer: answers[polarity][index % answers[polarity].length] ?? "",
      }));
    write(paths.responses[polarity], formatResponses(entries));
  }
}

/**
 * A copy of the bundled model below `models/` of the home.
 * @param change what is altered in a file of the copy; a space at the end of config.json alters the fingerprint alone
 */
export function copyDemoModel(
  home: string,
  id: string,
  change: Record<string, (bytes: Buffer) => Buffer> = {},
): void {
  const folder = path.join(home, "models", id);
  cpSync(path.resolve("public/models/demo"), folder, { recursive: true });
  for (const [name, changed] of Object.entries(change)) {
    const file = path.join(folder, name);
    if (!existsSync(file)) throw new Error(`${file} is not there`);
    writeFileSync(file, changed(readFileSync(file)));
  }
}

/** Turns the sign of many weights: of the float32 numbers from the middle of the file on, to their tensor's end. */
export function flipWeights(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const isWeight = (at: number) => {
    const size = Math.abs(bytes.readFloatLE(at));
    return size > 1e-7 && size < 4;
  };
  const middle = Math.floor(bytes.length / 2);
  // Nothing says where in the file a number begins: only one start of four gives a long run of small ones.
  const runs = [0, 1, 2, 3].map((shift) => {
    let at = middle + shift;
    while (at + 4 <= bytes.length && isWeight(at)) at += 4;
    return { start: middle + shift, end: at };
  });
  const { start, end } = runs.reduce((a, b) => (b.end - b.start > a.end - a.start ? b : a));
  for (let at = start; at < end; at += 4) changed.writeFloatLE(-bytes.readFloatLE(at), at);
  return changed;
}
