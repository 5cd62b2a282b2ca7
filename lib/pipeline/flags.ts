import type { RunRequest } from "./api.ts";
import type { ConfigInput } from "./config.ts";

/** One command-line option of a run: which field of config.json it overrides, and how its text is read. */
export interface RunFlag {
  flag: string;
  field: keyof ConfigInput & string;
  kind: "text" | "number" | "list" | "numbers" | "switch";
  /** The argument's name in the help. */
  argument?: string;
  help: string;
}

/** Every override of config.json as an option (contract.md). A switch also has its `--no-` form. */
export const runFlags: readonly RunFlag[] = [
  {
    flag: "extraction-model",
    field: "extraction_model",
    kind: "text",
    argument: "M",
    help: "model that completes the scenarios",
  },
  {
    flag: "application-model",
    field: "application_model",
    kind: "text",
    argument: "M",
    help: "model that is steered",
  },
  {
    flag: "base-model",
    field: "base_model",
    kind: "switch",
    help: "complete plain text, without the chat template",
  },
  {
    flag: "max-new-tokens",
    field: "max_new_tokens",
    kind: "number",
    argument: "N",
    help: "new tokens a scenario (16 in base mode, else 150)",
  },
  { flag: "steering", field: "steering", kind: "switch", help: "steer (on by default)" },
  { flag: "vet", field: "vet", kind: "switch", help: "vet scenarios and responses (on by default)" },
  { flag: "vet-scenarios", field: "vet_scenarios", kind: "switch", help: "vet scenarios (on by default)" },
  {
    flag: "pos-threshold",
    field: "pos_threshold",
    kind: "number",
    argument: "S",
    help: "a positive passes at this score or above (60)",
  },
  {
    flag: "neg-threshold",
    field: "neg_threshold",
    kind: "number",
    argument: "S",
    help: "a negative passes at this score or below (40)",
  },
  {
    flag: "position",
    field: "position",
    kind: "text",
    argument: "P",
    help: 'tokens that are read: "response[:]", "prompt[-1]" …',
  },
  {
    flag: "component",
    field: "component",
    kind: "text",
    argument: "C",
    help: "residual, attn_out or mlp_out",
  },
  {
    flag: "methods",
    field: "methods",
    kind: "list",
    argument: "LIST",
    help: "mean_diff, probe, gradient, pca, random",
  },
  {
    flag: "layers",
    field: "layers",
    kind: "text",
    argument: "LIST",
    help: "layers that are steered: all, 1,4, 2-5 or 30%-60%",
  },
  {
    flag: "val-split",
    field: "val_split",
    kind: "number",
    argument: "F",
    help: "share of pairs held out (0.2; 0 disables)",
  },
  {
    flag: "vetting-filter",
    field: "vetting_filter",
    kind: "switch",
    help: "leave out responses that failed (on by default)",
  },
  {
    flag: "prefill-only",
    field: "prefill_only",
    kind: "switch",
    help: "read the scenarios themselves, without generation",
  },
  {
    flag: "token-position",
    field: "token_position",
    kind: "text",
    argument: "T",
    help: "with --prefill-only: last, first or mean",
  },
  {
    flag: "coefs",
    field: "coefs",
    kind: "numbers",
    argument: "LIST",
    help: "ratios of the residual norm, or adaptive",
  },
  {
    flag: "questions",
    field: "questions",
    kind: "number",
    argument: "N",
    help: "only the first N steering questions",
  },
  {
    flag: "samples",
    field: "samples",
    kind: "number",
    argument: "N",
    help: "answers a steering question (1)",
  },
  {
    flag: "temperature",
    field: "temperature",
    kind: "number",
    argument: "T",
    help: "of steered answers (0: greedy)",
  },
  {
    flag: "steering-methods",
    field: "steering_methods",
    kind: "list",
    argument: "LIST",
    help: "methods, or names of imported and combined vectors, that are steered with",
  },
  {
    flag: "steering-max-new-tokens",
    field: "steering_max_new_tokens",
    kind: "number",
    argument: "N",
    help: "new tokens a steered answer",
  },
  {
    flag: "steered-tokens",
    field: "steered_tokens",
    kind: "text",
    argument: "T",
    help: "default, all, prompt or generated",
  },
  {
    flag: "random-vectors",
    field: "random_vectors",
    kind: "number",
    argument: "N",
    help: "random vectors of the null band (3)",
  },
  {
    flag: "judge",
    field: "judge",
    kind: "text",
    argument: "URL",
    help: "builtin, or the base URL of an OpenAI-compatible endpoint",
  },
  { flag: "judge-model", field: "judge_model", kind: "text", argument: "NAME", help: "the judge's model" },
  {
    flag: "judge-device",
    field: "judge_device",
    kind: "text",
    argument: "D",
    help: "where judge builtin runs: cpu (by default), or as --device",
  },
  { flag: "concurrency", field: "concurrency", kind: "number", argument: "N", help: "judge calls in flight" },
  { flag: "rpm", field: "rpm", kind: "number", argument: "N", help: "judge calls a minute, at most" },
  {
    flag: "max-cost",
    field: "max_cost_usd",
    kind: "number",
    argument: "USD",
    help: "stop before the judge costs more",
  },
  {
    flag: "device",
    field: "device",
    kind: "text",
    argument: "D",
    help: "auto, cpu, cuda, webgpu, or browser (lent by its run's page)",
  },
  {
    flag: "batch-size",
    field: "batch_size",
    kind: "number",
    argument: "N",
    help: "instead of the size that fits the memory",
  },
  {
    flag: "seed",
    field: "seed",
    kind: "number",
    argument: "N",
    help: "of splits, random vectors and sampling (42)",
  },
];

/** The command that does the same as a request from a page. */
export function commandOf(request: RunRequest): string {
  const words = ["npm run tiller -- run", "--experiment", request.experiment];
  if (request.traits) words.push("--traits", request.traits.join(","));
  if (request.stages) words.push("--only-stage", request.stages.join(","));
  for (const { flag, field, kind } of runFlags) {
    const value = request.config[field];
    if (value === undefined) continue;
    if (kind === "switch") words.push(value === false ? `--no-${flag}` : `--${flag}`);
    else words.push(`--${flag}`, quoted(Array.isArray(value) ? value.join(",") : String(value)));
  }
  return words.join(" ");
}

// Plain words stay readable; everything else is quoted for a POSIX shell.
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
