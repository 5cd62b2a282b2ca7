import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, parseTraitId, parseTraitList, type TraitId } from "#lib/core/names.ts";
import { traitFolder } from "#lib/pipeline/paths.ts";
import { readTraitFolder } from "#lib/pipeline/trait-folder.ts";
import { listTraits } from "#lib/pipeline/trait-list.ts";
import { prepareHome } from "#lib/server/home.ts";
import { projectRoot, tillerHome } from "#lib/server/paths.ts";
import { FolderStore } from "#lib/server/store/folder-store.ts";
import { TraitOverviews } from "#lib/server/traits/overview.ts";
import { TraitService } from "#lib/server/traits/service.ts";
import { lintTrait } from "#lib/traits/lint/lint.ts";
import { scenarioFileName } from "#lib/traits/scenario.ts";
import { exitCodes, percent, print, printJson, table, tell } from "../output.ts";

/** The home's files; its database is not needed. What a killed process had begun is finished first. */
export async function openTraits(): Promise<{ store: FolderStore; traits: TraitService }> {
  prepareHome(tillerHome(), projectRoot());
  const store = new FolderStore(tillerHome());
  const traits = new TraitService(store);
  await traits.recover();
  return { store, traits };
}

/** `tiller traits list` */
export async function traitsListCommand({ json }: { json?: boolean }): Promise<void> {
  const traits = await new TraitOverviews((await openTraits()).store).list();
  if (json) return printJson(traits);
  const rows = traits.map(({ trait, positives, negatives, questions, definition, vetting, problem }) => [
    trait,
    positives,
    negatives,
    questions,
    definition ? "yes" : "missing",
    percent(vetting?.scenario_pass_rate),
    percent(vetting?.response_pass_rate),
    problem ?? "",
  ]);
  const head = ["trait", "positive", "negative", "questions", "definition", "scenarios", "responses", ""];
  print(table(head, rows));
}

/**
 * `tiller traits lint [c/t…]`: without names every trait, those that cannot be read told as such. Findings are no
 * failure; a trait that cannot be read is one. Throws what is wrong with a named trait.
 */
export async function traitsLintCommand(
  names: readonly string[],
  { json }: { json?: boolean },
): Promise<number> {
  const { store } = await openTraits();
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
  const { traits } = await openTraits();
  await traits.create(name);
  const id = parseTraitId(name);
  print(traitFolder(id));
  tell(
    `Write one scenario a line into positive.txt and negative.txt (line i of both is a pair), what ${id.trait} means into definition.txt, and neutral questions into steering.json.`,
  );
}
