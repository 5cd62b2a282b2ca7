import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, parseTraitId, parseTraitList, type TraitId } from "#lib/core/names.ts";
import { traitFolder } from "#lib/pipeline/paths.ts";
import { readTraitFolder } from "#lib/pipeline/trait-folder.ts";
import { listTraits } from "#lib/pipeline/trait-list.ts";
import { prepareHome } from "#lib/server/home.ts";
import { projectRoot, tillerHome } from "#lib/server/paths.ts";
import { FolderStore } from "#lib/server/store/folder-store.ts";
import { describeTrait } from "#lib/server/traits.ts";
import { lintTrait } from "#lib/traits/lint/lint.ts";
import { scenarioFileName } from "#lib/traits/scenario.ts";
import { exitCodes, print, printJson, table, tell } from "../output.ts";

function openStore(): FolderStore {
  prepareHome(tillerHome(), projectRoot());
  return new FolderStore(tillerHome());
}

/** `tiller traits list` */
export async function traitsListCommand({ json }: { json?: boolean }): Promise<void> {
  const store = openStore();
  const traits = await Promise.all((await listTraits(store)).map((id) => describeTrait(store, id)));
  if (json) return printJson(traits);
  const rows = traits.map((trait) =>
    trait.problem === null
      ? [trait.trait, trait.positives, trait.negatives, trait.questions, trait.definition ? "yes" : "missing"]
      : [trait.trait, null, null, null, trait.problem],
  );
  print(table(["trait", "positive", "negative", "questions", "definition"], rows));
}

/**
 * `tiller traits lint [c/t…]`: without names every trait, those that cannot be read told as such. Findings are no
 * failure; a trait that cannot be read is one. Throws what is wrong with a named trait.
 */
export async function traitsLintCommand(
  names: readonly string[],
  { json }: { json?: boolean },
): Promise<number> {
  const store = openStore();
  const ids = names.length > 0 ? parseTraitList(names.join(",")) : await listTraits(store);
  const results = await Promise.all(
    ids.map((id) =>
      lintOf(store, id).catch((error: unknown) => {
        if (names.length > 0) throw error;
        return { trait: formatTraitId(id), problem: AppError.from(error).userMessage, findings: [] };
      }),
    ),
  );
  if (json) {
    printJson(results);
  } else {
    for (const { findings } of results) {
      for (const { file, line, lint, message, remedy } of findings) {
        print(`${line === null ? file : `${file}:${line}`}: ${lint}: ${message}; ${remedy}`);
      }
    }
    const all = results.flatMap(({ findings }) => findings);
    const warnings = all.filter(({ severity }) => severity === "warning").length;
    const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
    print(
      `${count(all.length, "finding")} (${count(warnings, "warning")}) in ${count(results.length, "trait")}`,
    );
  }
  const problems = results.flatMap(({ problem }) => problem ?? []);
  for (const problem of problems) tell(problem);
  return problems.length > 0 ? exitCodes.failed : exitCodes.ok;
}

/** A trait's findings with the files they are in. Throws when it cannot be read. */
async function lintOf(store: FolderStore, id: TraitId) {
  const folder = traitFolder(id);
  const content = await readTraitFolder(store, id);
  const findings = lintTrait({ name: id.trait, ...content }).map((finding) => {
    const { polarity } = finding;
    const file = polarity ? `${folder}/${scenarioFileName(polarity, content.layout[polarity])}` : folder;
    return { file, ...finding };
  });
  return { trait: formatTraitId(id), problem: null, findings };
}

/** `tiller traits new c/t`: the files of a trait, ready to be written in. Throws `conflict` when it is there. */
export async function traitsNewCommand(name: string): Promise<void> {
  const store = openStore();
  const id = parseTraitId(name);
  const folder = traitFolder(id);
  if ((await store.list(folder)).length > 0) {
    throw new AppError("conflict", `trait ${formatTraitId(id)} is there already: ${folder}`);
  }
  const files: Record<string, string> = {
    "positive.txt": "",
    "negative.txt": "",
    "definition.txt": definitionSkeleton(id.trait),
    "steering.json": `${JSON.stringify({ questions: ["How was your day?"] }, null, 2)}\n`,
  };
  for (const [file, text] of Object.entries(files)) await store.write(`${folder}/${file}`, text);
  print(folder);
  tell(
    `Write one scenario a line into positive.txt and negative.txt (line i of both is a pair), what ${id.trait} means into definition.txt, and neutral questions into steering.json.`,
  );
}

function definitionSkeleton(trait: string): string {
  return `${trait}: how strongly the text shows it.
HIGH (80-100): it clearly shows ${trait}.
MID (40-60): it is mixed, or cannot be told.
LOW (0-20): it clearly shows the opposite.
Key distinction: judge what the text does, not what it talks about.
`;
}
