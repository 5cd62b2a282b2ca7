import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, type Polarity, polarities } from "#lib/core/names.ts";
import { parsePosition } from "#lib/core/position.ts";
import type { RunRequest } from "#lib/pipeline/api.ts";
import type { RunPlan } from "#lib/pipeline/contract.ts";
import { labelKey, type VettingKind } from "#lib/pipeline/human-labels.ts";
import { resultPaths } from "#lib/pipeline/paths.ts";
import { parseResponses } from "#lib/pipeline/responses.ts";
import { readTraitFolder } from "#lib/pipeline/trait-folder.ts";
import { effectiveVerdict, type VettingFile } from "#lib/pipeline/vetting.ts";
import { prepareHome } from "#lib/server/home.ts";
import { projectRoot, tillerHome } from "#lib/server/paths.ts";
import { specOf } from "#lib/server/runs/spec.ts";
import { FolderStore } from "#lib/server/store/folder-store.ts";
import { readVetting } from "#lib/server/vetting.ts";
import { scenarioText } from "#lib/traits/scenario.ts";
import { exitCodes, percent, print, printJson } from "../output.ts";
import type { RunOptions } from "../request.ts";
import { runCommand } from "./run.ts";

/**
 * `tiller vet scenarios|responses`: judges them, then names what failed. With `--changed` it judges only what was changed
 * since, and refuses where the rubric or the judge was, since all would be judged anew.
 */
export async function vetCommand(
  kind: VettingKind,
  request: RunRequest,
  options: RunOptions & { changed?: boolean },
): Promise<number> {
  const before = options.changed ? await onlyChanged(kind, request) : undefined;
  const code = await runCommand(request, options, before);
  if (!options.dryRun && !options.json)
    for (const failed of await failures(request, [kind])) print(textOf(failed));
  return code;
}

/** `tiller vet failed`: what failed when it was last vetted, in few characters; nothing is judged. */
export async function vetFailedCommand(request: RunRequest, { json }: { json?: boolean }): Promise<number> {
  const found = await failures(request, ["scenario", "response"]);
  if (json) printJson(found);
  else for (const failed of found) print(textOf(failed));
  return exitCodes.ok;
}

interface Failures {
  trait: string;
  kind: VettingKind;
  pass_rate: number | null;
  /** 0-based, as in the vetting files. */
  failed_indices: Record<Polarity, number[]>;
  errors: Record<Polarity, number[]>;
}

async function failures(request: RunRequest, kinds: VettingKind[]): Promise<Failures[]> {
  const { store, traits } = await openRequest(request);
  const found: Failures[] = [];
  for (const trait of traits) {
    const vetting = await readVetting(store, request.experiment, trait);
    for (const kind of kinds) {
      const file = kind === "scenario" ? vetting.scenarios : vetting.responses;
      if (!file) continue;
      const { failed_indices, summary } = file;
      found.push({
        trait,
        kind,
        pass_rate: summary.pass_rate ?? null,
        failed_indices,
        errors: errorsOf(file),
      });
    }
  }
  if (found.length > 0) return found;
  throw new AppError(
    "not-found",
    `nothing of experiment ${request.experiment} was vetted: run tiller vet scenarios --experiment ${request.experiment} first`,
  );
}

function errorsOf(file: VettingFile): Record<Polarity, number[]> {
  const of = (side: Polarity) =>
    file.results
      .filter((result) => result.polarity === side && effectiveVerdict(result) === "error")
      .map(({ idx }) => idx);
  return { positive: of("positive"), negative: of("negative") };
}

/** `mine/kindness scenarios: 96 % passed; failed: + 4,18-20 − 7; no score: + 9`, lines counted from 1. */
function textOf({ trait, kind, pass_rate, failed_indices, errors }: Failures): string {
  const sides = (indices: Record<Polarity, number[]>) =>
    polarities
      .filter((side) => indices[side].length > 0)
      .map((side) => `${side === "positive" ? "+" : "−"} ${ranges(indices[side])}`)
      .join(" ");
  const parts = [`${percent(pass_rate) ?? "–"} passed`];
  if (sides(failed_indices) !== "") parts.push(`failed: ${sides(failed_indices)}`);
  if (sides(errors) !== "") parts.push(`no score: ${sides(errors)}`);
  return `${trait} ${kind}s: ${parts.join("; ")}`;
}

/** `4,18-20` for the 0-based indices 3, 17, 18 and 19. */
export function ranges(indices: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const index of [...indices].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && index <= last[1] + 1) last[1] = index;
    else runs.push([index, index]);
  }
  return runs.map(([from, to]) => (from === to ? `${from + 1}` : `${from + 1}-${to + 1}`)).join(",");
}

/** Refuses a plan that would ask the judge about more than what was changed since the last vetting. */
async function onlyChanged(kind: VettingKind, request: RunRequest): Promise<(plan: RunPlan) => void> {
  const { store, traits, spec } = await openRequest(request);
  const allowed = new Map<string, number>();
  for (const [at, trait] of traits.entries()) {
    const id = spec.traits[at];
    if (!id) continue;
    const vetting = await readVetting(store, request.experiment, trait);
    const file = kind === "scenario" ? vetting.scenarios : vetting.responses;
    const known = new Set(
      (file?.results ?? []).flatMap((result) =>
        result.score === null ? [] : [labelKey({ polarity: result.polarity, text: result[kind] ?? "" })],
      ),
    );
    const paths = resultPaths(
      request.experiment,
      id,
      parsePosition(spec.config.position),
      spec.config.component,
    );
    const folder = await readTraitFolder(store, id);
    const texts = await Promise.all(
      polarities.map(async (polarity) => {
        if (kind === "scenario")
          return folder[polarity].map((scenario) => ({ polarity, text: scenarioText(scenario) }));
        const path = paths.responses[polarity];
        const responses = await store.readText(path);
        return parseResponses(responses ?? "[]", path).map(({ answer }) => ({ polarity, text: answer }));
      }),
    );
    allowed.set(trait, texts.flat().filter((text) => !known.has(labelKey(text))).length);
  }
  return (plan) => {
    for (const { trait, stages } of plan.traits) {
      const calls = stages.reduce((sum, stage) => sum + (stage.will_run ? stage.judge_calls.to_do : 0), 0);
      const changed = allowed.get(trait) ?? 0;
      if (calls <= changed) continue;
      throw new AppError(
        "conflict",
        `${trait}: ${changed} ${kind}s were changed, but ${calls} would be judged: the definition, the judge or its prompts changed, too; leave --changed out to judge them all`,
      );
    }
  };
}

async function openRequest(request: RunRequest) {
  prepareHome(tillerHome(), projectRoot());
  const store = new FolderStore(tillerHome());
  const spec = await specOf(request, "", store);
  return { store, spec, traits: spec.traits.map(formatTraitId) };
}
