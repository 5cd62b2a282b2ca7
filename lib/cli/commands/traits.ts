import { parseTraitId } from "#lib/core/names.ts";
import { traitFolder } from "#lib/pipeline/paths.ts";
import { prepareHome } from "#lib/server/home.ts";
import { projectRoot, tillerHome } from "#lib/server/paths.ts";
import { FolderStore } from "#lib/server/store/folder-store.ts";
import { TraitOverviews } from "#lib/server/traits/overview.ts";
import { TraitService } from "#lib/server/traits/service.ts";
import { percent, print, printJson, table, tell } from "../output.ts";

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
