import { z } from "zod";
import type { BuildPorts, OutputFolder } from "#lib/builds/ports.ts";
import type { GivenFile, RefineryInputs } from "./inputs.ts";
import { outputFiles } from "./output-files.ts";
import type { RefineryRequest } from "./request.ts";
import { schemaVersions } from "./schemas/schemas.ts";
import type { RefineryStats } from "./stats.ts";
import { templateVersion } from "./templates.ts";

const hashed = z.object({ path: z.string(), sha256: z.string() });

export const manifestSchema = z.looseObject({
  /** The first start's; later ones keep it. */
  run_id: z.string(),
  generated_at: z.string(),
  inputs: z.record(z.string(), hashed),
  outputs: z.record(z.string(), hashed),
});

/** What made the outputs: relative paths and no secret. */
export async function manifestOf(
  { gating_mode, limit, generation, teacher }: RefineryRequest,
  inputs: Partial<RefineryInputs>,
  { summary, skipped }: RefineryStats,
  { output, now }: BuildPorts,
) {
  const before = manifestSchema.safeParse(await savedManifest(output)).data;
  const outputs: Record<string, z.infer<typeof hashed>> = {};
  for (const name of ["accepted", "rejected", "stats"] as const) {
    const file = await output.open(outputFiles[name]);
    if (file) outputs[name] = { path: outputFiles[name], sha256: await file.sha256() };
  }
  return {
    run_id: before?.run_id ?? crypto.randomUUID(),
    generated_at: now().toISOString(),
    inputs: await hashesOf(inputs),
    outputs,
    config: {
      gating_mode,
      limit,
      templates: templateVersion(generation.templates),
      teacher: {
        provider: withoutSecrets(teacher.provider),
        models: teacher.models,
        rate_limit_rpm: teacher.rpm,
        generation_config: generation,
      },
    },
    schema_versions: schemaVersions,
    counts: {
      attempted: summary.total_attempted,
      accepted: summary.accepted,
      rejected: summary.rejected,
      skipped_critique_reject: skipped.critique_reject,
      missing_inputs: skipped.missing_inputs,
    },
  };
}

/** An address without user, password and query. */
export function withoutSecrets(provider: string): string {
  if (!URL.canParse(provider)) return provider;
  const { origin, pathname } = new URL(provider);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

async function hashesOf({ plan = null, drafts = null, critiques = null }: Partial<RefineryInputs>) {
  const hashes: Record<string, z.infer<typeof hashed>> = {};
  const files: [string, GivenFile | null][] = [
    ["plan", plan],
    ["drafts", drafts],
    ["critiques", critiques],
  ];
  for (const [name, given] of files) {
    if (given) hashes[name] = { path: given.path, sha256: await given.file.sha256() };
  }
  return hashes;
}

async function savedManifest(output: OutputFolder): Promise<unknown> {
  const text = await output.readText(outputFiles.manifest);
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
