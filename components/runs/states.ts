import type { Tone } from "#components/ui/badge.tsx";
import type { RunState, StageProgress } from "#lib/pipeline/api.ts";
import type { PlanStage } from "#lib/pipeline/contract.ts";
import type { StageName } from "#lib/pipeline/stages.ts";

/** What each stage does, in a few words for a heading. */
export const stageTitles: Record<StageName, string> = {
  "vet-scenarios": "Vet scenarios",
  generate: "Generate",
  "vet-responses": "Vet responses",
  capture: "Capture",
  extract: "Extract",
  evaluate: "Evaluate",
  steer: "Steer",
};

export const stageHints: Record<StageName, string> = {
  "vet-scenarios": "The judge scores each scenario's likely completion.",
  generate: "The model completes every scenario.",
  "vet-responses": "The judge scores what the model really wrote.",
  capture: "Hidden states of the responses that passed are read at every layer.",
  extract: "One vector per layer and method from the training rows.",
  evaluate: "Every vector is tried on held-out rows.",
  steer: "The vectors are added while the model answers; the judge measures the change.",
};

interface Look {
  mark: string;
  word: string;
  tone: Tone;
}

export const planLooks: Record<PlanStage["state"], Look> = {
  done: { mark: "✓", word: "done", tone: "good" },
  stale: { mark: "↻", word: "stale", tone: "warn" },
  pending: { mark: "○", word: "to do", tone: "neutral" },
  imported: { mark: "⇥", word: "imported", tone: "accent" },
  skipped: { mark: "–", word: "skipped", tone: "neutral" },
};

export const stageLooks: Record<StageProgress["state"], Look> = {
  waiting: { mark: "○", word: "waiting", tone: "neutral" },
  running: { mark: "▶", word: "running", tone: "accent" },
  done: { mark: "✓", word: "done", tone: "good" },
  current: { mark: "✓", word: "up to date", tone: "good" },
  skipped: { mark: "–", word: "skipped", tone: "neutral" },
  failed: { mark: "✕", word: "failed", tone: "bad" },
};

export const runLooks: Record<RunState, Look> = {
  queued: { mark: "○", word: "queued", tone: "neutral" },
  running: { mark: "▶", word: "running", tone: "accent" },
  paused: { mark: "‖", word: "paused", tone: "warn" },
  cancelled: { mark: "■", word: "cancelled", tone: "warn" },
  interrupted: { mark: "‖", word: "interrupted", tone: "warn" },
  failed: { mark: "✕", word: "failed", tone: "bad" },
  done: { mark: "✓", word: "done", tone: "good" },
};

/** States in which nothing more happens by itself. */
export function isOver(state: RunState): boolean {
  return state === "done" || state === "failed" || state === "cancelled" || state === "paused";
}
