import { AppError } from "#lib/core/errors.ts";
import { parseExperimentName, parseTraitId } from "#lib/core/names.ts";
import { parsePosition } from "#lib/core/position.ts";
import { formatJsonl } from "#lib/formats/jsonl.ts";
import { judgeName } from "#lib/pipeline/calibration.ts";
import { parseConfig, resolveConfig } from "#lib/pipeline/config.ts";
import { requireExperiment } from "#lib/pipeline/context.ts";
import { type HumanLabel, labelKey, parseHumanLabels } from "#lib/pipeline/human-labels.ts";
import { configPath, type ResultPaths, resultPaths } from "#lib/pipeline/paths.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { completedScenario, parseResponses } from "#lib/pipeline/responses.ts";
import { parseRounds } from "#lib/pipeline/rounds.ts";
import { formatVettingFile, parseVettingFile, type VettingFile, withLabels } from "#lib/pipeline/vetting.ts";
import type { LabelRequest, TraitVetting } from "#lib/pipeline/vetting-api.ts";

/** What is known of a trait's texts in an experiment. Throws `not-found` without such an experiment. */
export async function readVetting(
  artifacts: ArtifactStore,
  experiment: string,
  trait: string,
): Promise<TraitVetting> {
  const { config, paths } = await open(artifacts, experiment, trait);
  const [scenarios, responses, rounds, labels] = await Promise.all([
    readFile(artifacts, paths.scenarioScores),
    readFile(artifacts, paths.responseScores),
    artifacts.readText(paths.rounds),
    artifacts.readText(paths.humanLabels),
  ]);
  const { pos_threshold, neg_threshold, judge, judge_model } = config;
  return {
    experiment,
    trait,
    thresholds: { pos_threshold, neg_threshold },
    judge: { judge, model: judge_model },
    scenarios,
    responses: responses && (await withScenarios(artifacts, paths, responses)),
    rounds: parseRounds(rounds, paths.rounds),
    labels: parseHumanLabels(labels, paths.humanLabels),
  };
}

/**
 * Keeps what a person says of vetted texts, and counts it at once. Throws `not-found` before anything was vetted, and
 * `conflict`, nothing kept, for a text that is not in the file (any more).
 */
export async function labelTexts(
  artifacts: ArtifactStore,
  experiment: string,
  trait: string,
  { kind, labels }: LabelRequest,
): Promise<TraitVetting> {
  const { paths } = await open(artifacts, experiment, trait);
  const path = kind === "scenario" ? paths.scenarioScores : paths.responseScores;
  const at = new Date().toISOString();
  await artifacts.update(path, async (before) => {
    if (before === null) throw new AppError("not-found", `${path} is not there: vet the ${kind}s first`);
    const file = parseVettingFile(before, path);
    const scores = new Map(
      file.results.map((result) => [
        labelKey({ polarity: result.polarity, text: result[kind] ?? "" }),
        result.score,
      ]),
    );
    const rows = labels.map((label): HumanLabel => {
      const score = scores.get(labelKey(label));
      if (score !== undefined)
        return { at, kind, ...label, judge_score: score, judge: judgeName(file.judge) };
      throw new AppError(
        "conflict",
        `${JSON.stringify(label.text.slice(0, 60))} is not among the ${kind}s that were vetted: they were vetted again meanwhile; reload the page`,
      );
    });
    // First what cannot be computed again; a kill between the two leaves a verdict that the next write of the file takes up.
    await artifacts.append(paths.humanLabels, formatJsonl(rows));
    return formatVettingFile(withLabels(file, kind, rows));
  });
  return readVetting(artifacts, experiment, trait);
}

async function open(artifacts: ArtifactStore, experiment: string, trait: string) {
  const name = parseExperimentName(experiment);
  const id = parseTraitId(trait);
  const config = resolveConfig(parseConfig(await requireExperiment({ artifacts }, name), configPath(name)));
  return { config, paths: resultPaths(name, id, parsePosition(config.position), config.component) };
}

async function readFile(artifacts: ArtifactStore, path: string): Promise<VettingFile | null> {
  const text = await artifacts.readText(path);
  return text === null ? null : parseVettingFile(text, path);
}

/** Adds to each result the scenario that its response completes; none where the response is another by now. */
async function withScenarios(
  artifacts: ArtifactStore,
  { responses }: ResultPaths,
  file: VettingFile,
): Promise<VettingFile> {
  const completed = new Map<string, { scenario: string; answer: string }>();
  for (const polarity of ["positive", "negative"] as const) {
    const path = responses[polarity];
    const text = await artifacts.readText(path);
    for (const entry of text === null ? [] : parseResponses(text, path)) {
      completed.set(`${polarity} ${entry.index}`, {
        scenario: completedScenario(entry),
        answer: entry.answer,
      });
    }
  }
  const results = file.results.map((result) => {
    const found = completed.get(`${result.polarity} ${result.idx}`);
    return found && found.answer === result.response ? { ...result, scenario: found.scenario } : result;
  });
  return { ...file, results };
}
