import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { isName } from "#lib/core/names.ts";
import { formatPosition, parsePosition } from "#lib/core/position.ts";
import { isLent, runDevices } from "#lib/engine/run-device.ts";
import { vectorMethod } from "#lib/vectors/methods.ts";

const percentage = z.number().min(0).max(100);
const count = z.number().int().positive();
const modelId = z.string().min(1);
const tokenPositions = ["last", "first", "mean"] as const;

/**
 * Everything an experiment's config.json may say and every run may override (the CLI's flags and the run dialog are
 * this schema too). All optional; unknown fields are kept.
 */
export const configSchema = z.looseObject({
  description: z.string().optional(),
  extraction_model: modelId.optional(),
  /** Default: the extraction model. */
  application_model: modelId.optional(),
  /** The extraction model completes plain text: no chat template, 16 new tokens by default. */
  base_model: z.boolean().optional(),
  max_new_tokens: count.optional(),
  steering_max_new_tokens: count.optional(),
  pos_threshold: percentage.optional(),
  neg_threshold: percentage.optional(),
  position: z.string().optional(),
  component: z.enum(["residual", "attn_out", "mlp_out"]).optional(),
  methods: z.array(z.string().min(1)).min(1).optional(),
  /** The layers that are steered (`all`, `1,4`, `2-5`, `30%-60%`); extraction always does every layer. */
  layers: z.string().min(1).optional(),
  /** Ratios coef / mean‖h_layer‖, or the adaptive search. */
  coefs: z.union([z.literal("adaptive"), z.array(z.number()).min(1)]).optional(),
  /** Only the first N steering questions. */
  questions: count.optional(),
  /** Answers per question; more than one needs a temperature. */
  samples: count.optional(),
  /** 0 is greedy decoding. Steering only: scenarios are always completed greedily. */
  temperature: z.number().min(0).max(2).optional(),
  val_split: z.number().min(0).max(0.9).optional(),
  vetting_filter: z.boolean().optional(),
  /** False skips both vetting stages. */
  vet: z.boolean().optional(),
  vet_scenarios: z.boolean().optional(),
  steering: z.boolean().optional(),
  /** Reads the scenarios themselves: no generation, stages 0-2 are skipped. */
  prefill_only: z.boolean().optional(),
  token_position: z.enum(tokenPositions).optional(),
  steering_methods: z.array(z.string().min(1)).min(1).optional(),
  random_vectors: z.number().int().min(3).optional(),
  /** Which tokens are steered: `default` is the last prompt token and every generated token. */
  steered_tokens: z.enum(["default", "all", "prompt", "generated"]).optional(),
  /** `builtin`, or the base URL of an OpenAI-compatible endpoint. */
  judge: z.string().min(1).optional(),
  judge_model: z.string().min(1).optional(),
  /** Where the built-in judge's model runs, as `device`; an endpoint's runs where it is. */
  judge_device: z.enum(runDevices).optional(),
  concurrency: count.optional(),
  rpm: count.optional(),
  max_cost_usd: z.number().positive().optional(),
  /** The server's own, or a browser's: whoever opens the run's page and lends it. */
  device: z.enum(runDevices).optional(),
  batch_size: count.optional(),
  seed: z.number().int().min(0).max(0xffffffff).optional(),
  /** The experiment's traits, `category/trait`; default: every trait folder that has been run, or all. */
  traits: z.array(z.string()).optional(),
});

export type ConfigInput = z.infer<typeof configSchema>;

/** What the defaults leave no gap in. `coefs` and everything else keep the meaning of `configSchema`. */
const fixedDefaults = {
  base_model: false,
  pos_threshold: 60,
  neg_threshold: 40,
  position: "response[:]",
  component: "residual" as const,
  methods: ["mean_diff", "probe", "gradient", "random", "pca"],
  layers: "30%-60%",
  coefs: [0.25, 0.5, 0.75, 1, 1.25],
  samples: 1,
  temperature: 0,
  val_split: 0.2,
  vetting_filter: true,
  vet: true,
  vet_scenarios: true,
  steering: true,
  prefill_only: false,
  token_position: "last" as const,
  steering_methods: ["mean_diff"],
  random_vectors: 3,
  steered_tokens: "default" as const,
  judge: "builtin",
  judge_device: "cpu" as const,
  device: "cpu" as const,
  seed: 42,
} satisfies ConfigInput;

type Filled =
  | "extraction_model"
  | "application_model"
  | "max_new_tokens"
  | "steering_max_new_tokens"
  | "judge_model"
  | "concurrency";

/** A configuration with nothing left open that has a default. */
export type ResolvedConfig = ConfigInput & Required<Pick<ConfigInput, keyof typeof fixedDefaults | Filled>>;

// Prefill-only reads the scenario, which is all prompt.
const PREFILL_POSITIONS = { last: "prompt[-1]", first: "prompt[0]", mean: "prompt[:]" } as const;

/** New tokens: base models complete a line, chat models write an answer (product.md section 1). */
export const newTokenDefaults = { base: 16, chat: 150, steeringBase: 48 } as const;

/** Judge calls in flight: an endpoint is asked politely, the built-in judge answers in batches. */
export const concurrencyDefaults = { builtin: 64, endpoint: 20 } as const;

/** The built-in judge is the bundled model; an endpoint is asked for the usual small judge. */
export const judgeModelDefaults = { builtin: "demo", endpoint: "gpt-4.1-mini" } as const;

/**
 * config.json with a run's overrides on top and every default filled in.
 * @param file the experiment's config.json as parsed by `parseConfig`
 * @param overrides the run's own settings; `undefined` members leave the file's value
 * Throws `usage` naming the field.
 */
export function resolveConfig(file: ConfigInput, overrides: ConfigInput = {}): ResolvedConfig {
  const given = { ...defined(file), ...defined(checkConfig(overrides, "the run's settings")) };
  const merged = { ...fixedDefaults, ...given } as ConfigInput & typeof fixedDefaults;
  if (merged.extraction_model === undefined) {
    throw new AppError(
      "usage",
      'no extraction model: set "extraction_model" in config.json or pass --extraction-model',
    );
  }
  for (const method of merged.methods) vectorMethod(method);
  // An own vector's name is known on disk alone: the stage says where it is missing.
  for (const method of merged.steering_methods) if (!isName(method)) vectorMethod(method);
  if (merged.neg_threshold > merged.pos_threshold) {
    throw new AppError(
      "usage",
      `neg_threshold ${merged.neg_threshold} is above pos_threshold ${merged.pos_threshold}: negatives pass below it, positives above`,
    );
  }
  if (merged.samples > 1 && merged.temperature === 0) {
    throw new AppError(
      "usage",
      `samples ${merged.samples} would all be the same text: greedy decoding; set a temperature above 0`,
    );
  }
  checkJudgeDevice(merged, overrides);
  const position = parsePosition(
    merged.prefill_only ? PREFILL_POSITIONS[merged.token_position] : merged.position,
  );
  return {
    ...merged,
    extraction_model: merged.extraction_model,
    application_model: merged.application_model ?? merged.extraction_model,
    position: formatPosition(position),
    max_new_tokens:
      merged.max_new_tokens ?? (merged.base_model ? newTokenDefaults.base : newTokenDefaults.chat),
    steering_max_new_tokens:
      merged.steering_max_new_tokens ??
      (merged.base_model ? newTokenDefaults.steeringBase : newTokenDefaults.chat),
    concurrency:
      merged.concurrency ?? concurrencyDefaults[merged.judge === "builtin" ? "builtin" : "endpoint"],
    judge_device: merged.judge === "builtin" ? merged.judge_device : fixedDefaults.judge_device,
    judge_model:
      merged.judge_model ??
      (merged.judge === "builtin" ? judgeModelDefaults.builtin : judgeModelDefaults.endpoint),
  };
}

/** The file's judge device may stand beside an override's endpoint; asked for together they contradict each other. */
function checkJudgeDevice(
  { judge, device, judge_device }: Pick<ResolvedConfig, "judge" | "device" | "judge_device">,
  overrides: ConfigInput,
): void {
  if (judge !== "builtin") {
    if (overrides.judge_device === undefined) return;
    throw new AppError(
      "usage",
      `judge_device ${judge_device} is for judge builtin, whose model Tiller runs; ${judge} runs its own: leave one of the two out`,
    );
  }
  const named = [device, judge_device].filter((name) => isLent(name) && name !== "browser");
  if (new Set(named).size < 2) return;
  throw new AppError(
    "usage",
    `device ${device} and judge_device ${judge_device}: a tab lends one device; choose the same for both, or browser for one of them`,
  );
}

/** Reads config.json. @param path what an error names. Throws `invalid-file` with the field. */
export function parseConfig(text: string, path: string): ConfigInput {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new AppError("invalid-file", `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
  return checkConfig(value, path);
}

function checkConfig(value: unknown, where: string): ConfigInput {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") || "the whole";
  throw new AppError("invalid-file", `${where}: ${field}: ${issue?.message ?? "not a configuration"}`);
}

function defined(config: ConfigInput): ConfigInput {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}
