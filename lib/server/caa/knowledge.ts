import { existsSync } from "node:fs";
import { readJournal } from "#lib/caa/journal.ts";
import type { BuildKnowledge } from "#lib/caa/layouts/convert.ts";
import type { PersonaRecord } from "#lib/caa/records.ts";
import { openLineFile } from "../builds/line-file.ts";

/** What a build's working file knows; null where there is none. @param work absolute */
export async function readBuildKnowledge(work: string): Promise<BuildKnowledge | null> {
  if (!existsSync(work)) return null;
  const personas: PersonaRecord[] = [];
  let personality: string | null = null;
  for await (const { record } of readJournal(openLineFile(work))) {
    if (record.kind === "build") personality = record.settings.personality;
    if (record.kind === "persona") personas.push(record);
  }
  return personality === null ? null : { personality, personas };
}
