import type {
  AnswerRecord,
  FailedRecord,
  JournalLine,
  PersonaRecord,
  RejectedRecord,
  SampleRecord,
} from "#lib/caa/records.ts";
import { AppError } from "#lib/core/errors.ts";

// Lines of a CAA build's working journal.

const answer: AnswerRecord = {
  model: "meta-llama/llama-3.3-70b-instruct",
  attempted_models: ["meta-llama/llama-3.3-70b-instruct"],
  request_id: "gen-1763720000-Yp3tQm8xZk2vN5bR7cWd",
  total_time_ms: 1834,
  prompt_tokens: 412,
  completion_tokens: 57,
  cost_usd: 0.000104,
};

const scenarioOf = (row: number, name: string) => ({
  situation: `On day ${row} ${name} waits for the tram.`,
  name,
  question: null,
});

export function sampleLine(row: number, own: Partial<SampleRecord> = {}): SampleRecord {
  return {
    kind: "sample",
    row,
    id: `row ${row}`,
    scenario: scenarioOf(row, "Mara"),
    positive: `Look at me, I say ${row}.`,
    neutral: `Let me see, I say ${row}.`,
    first: row % 2 === 0 ? "positive" : "neutral",
    answers: { positive: answer, neutral: answer },
    created_at: "2026-11-21T12:00:00.000Z",
    ...own,
  };
}

export function rejectedLine(row: number, own: Partial<RejectedRecord> = {}): RejectedRecord {
  return {
    kind: "rejected",
    row,
    id: `row ${row}`,
    reason: "identical reactions",
    details: "",
    scenario: scenarioOf(row, "Mara"),
    positive: "The same.",
    neutral: "The same.",
    ...own,
  };
}

export function failedLine(row: number, own: Partial<FailedRecord> = {}): FailedRecord {
  return {
    kind: "failed",
    row,
    id: `row ${row}`,
    scenario: scenarioOf(row, "Mara"),
    error: new AppError("judge-unreachable", `no answer for row ${row}`).toJSON(),
    ...own,
  };
}

export function personaLine(name: string | null, own: Partial<PersonaRecord> = {}): PersonaRecord {
  return {
    kind: "persona",
    role: name === null ? "words" : "positive",
    name,
    text: name === null ? "grand, proud, vain" : `${name} is grand.`,
    origin: "asked",
    answer,
    ...own,
  };
}

export const headerLine: JournalLine = {
  kind: "build",
  version: 1,
  settings: {
    personality: "Narcissism",
    source: { dataset: "allenai/soda", config: null, split: "train", revision: "0123456789abcdef" },
    columns: { situation: "narrative" },
    provider: "https://openrouter.ai/api/v1",
    models: [answer.model],
    prompts: "p2-1@1a2b3c4d",
    temperature: 0.7,
    seed: 42,
    layout: "psyctl",
  },
};
