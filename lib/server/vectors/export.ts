import { zipSync } from "fflate";
import type { VectorFormatName } from "#lib/formats/vectors/format-names.ts";
import { vectorFormats } from "#lib/formats/vectors/registry.ts";
import { setName, type VectorFile } from "#lib/formats/vectors/vector-set.ts";
import type { VectorExport } from "#lib/pipeline/vector-export-api.ts";
import type { Instance } from "../instance.ts";
import { readVectorSet, type VectorChoice } from "./sets.ts";

async function filesOf(
  { artifacts, home, ports }: Pick<Instance, "artifacts" | "home" | "ports">,
  choice: VectorChoice,
  format: VectorFormatName,
) {
  const set = await readVectorSet(artifacts, { home }, choice);
  return { set, files: vectorFormats[format].files(set, ports.now().toISOString()) };
}

/** What an export would bring. Throws as `readVectorSet`, and where the format cannot hold the vectors. */
export async function describeExport(
  instance: Instance,
  choice: VectorChoice,
  format: VectorFormatName,
): Promise<VectorExport> {
  const { set, files } = await filesOf(instance, choice, format);
  const { convention, usage } = vectorFormats[format];
  return {
    files: files.map(({ name, bytes }) => ({ name, bytes: bytes.byteLength })),
    convention,
    usage: usage(set),
  };
}

/** The export as one file: several go into a zip. */
export async function packExport(
  instance: Instance,
  choice: VectorChoice,
  format: VectorFormatName,
): Promise<VectorFile> {
  const { set, files } = await filesOf(instance, choice, format);
  const [only, ...more] = files;
  if (only && more.length === 0) return only;
  const entries = Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
  return { name: `${setName(set)}-${format}.zip`, bytes: new Uint8Array(zipSync(entries)) };
}
