import { existsSync } from "node:fs";
import path from "node:path";
import { readJournal } from "#lib/caa/journal.ts";
import type { BuildKnowledge } from "#lib/caa/layouts/convert.ts";
import type { PersonaRecord } from "#lib/caa/records.ts";
import { openOutput } from "../builds/output.ts";

/** What a build's working file knows; null where there is none. @param work absolute */
export async function readBuildKnowledge(work: string): Promise<BuildKnowledge | null> {
  if (!existsSync(work)) return null;
  const personas: PersonaRecord[] = [];
  let personality: string | null = null;
  for await (const line of readJournal(openOutput(path.dirname(work)), path.basename(work))) {
    if (line?.kind === "build") personality = line.settings.personality;
    if (line?.kind === "persona") personas.push(line);
  }
  return personality === null ? null : { personality, personas };
}
