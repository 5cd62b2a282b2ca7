import type { ErrorJson } from "#lib/core/errors.ts";
import { createRng, hashSeed } from "#lib/core/rng.ts";
import { bootstrapMean, mean, pairedBootstrap } from "#lib/core/statistics.ts";
import type { SteeringSample } from "./results.ts";

/** One answer with its scores. `question` counts from 0. */
export interface ScoredAnswer {
  question: number;
  sample: number;
  answer: string;
  trait: number | null;
  coherence: number | null;
  error?: ErrorJson;
  label?: string;
  finish: string;
}

/** Scores of one setting over all questions. */
export interface SettingScores {
  trait_mean: number | null;
  trait_ci: [number, number] | null;
  coherence_mean: number | null;
  /** Answers with a trait score. */
  n: number;
  errors: number;
  /** Share of the answers that have a coherence score, 0-1. */
  judged_share: number;
}

/** Means with a bootstrap interval over questions. */
export function settingScores(answers: readonly ScoredAnswer[], seed: number, id: string): SettingScores {
  const byQuestion = [...questionMeans(answers).values()];
  const found = bootstrapMean(byQuestion, createRng(hashSeed(`trait ${id}`, seed)));
  return {
    trait_mean: found?.mean ?? null,
    trait_ci: found ? [found.interval[0], found.interval[1]] : null,
    coherence_mean: mean(answers.flatMap(({ coherence }) => (coherence === null ? [] : [coherence]))),
    n: answers.filter(({ trait }) => trait !== null).length,
    judged_share: answers.filter(({ coherence }) => coherence !== null).length / Math.max(1, answers.length),
    errors: answers.filter(({ error }) => error !== undefined).length,
  };
}

/** How far steering moved the trait score, paired by question. Null when no question has both scores. */
export function deltaOf(
  steered: readonly ScoredAnswer[],
  baseline: readonly ScoredAnswer[],
  seed: number,
  id: string,
): { delta: number; delta_ci: [number, number]; questions: number } | null {
  const before = questionMeans(baseline);
  const pairs = [...questionMeans(steered)].flatMap(([question, value]) => {
    const other = before.get(question);
    return other === undefined ? [] : [[value, other] as const];
  });
  const found = pairedBootstrap(
    pairs.map(([after]) => after),
    pairs.map(([, value]) => value),
    createRng(hashSeed(`delta ${id}`, seed)),
  );
  return (
    found && { delta: found.mean, delta_ci: [found.interval[0], found.interval[1]], questions: pairs.length }
  );
}

function questionMeans(answers: readonly ScoredAnswer[]): Map<number, number> {
  const scores = new Map<number, number[]>();
  for (const { question, trait } of answers) {
    if (trait !== null) scores.set(question, [...(scores.get(question) ?? []), trait]);
  }
  return new Map([...scores].map(([question, values]) => [question, mean(values) ?? 0]));
}

/** The sample file of one setting: every answer with its scores. */
export function samplesOf(answers: readonly ScoredAnswer[], questions: readonly string[]): SteeringSample[] {
  return answers.map(({ question, sample, answer, trait, coherence, error, label, finish }) => ({
    question: questions[question] ?? "",
    sample,
    answer,
    trait_score: trait,
    coherence_score: coherence,
    finish,
    ...(label ? { label } : {}),
    ...(error ? { error: { code: error.code, message: error.userMessage } } : {}),
  }));
}
