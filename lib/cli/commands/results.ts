import { writeFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { parseExperimentName } from "#lib/core/names.ts";
import { writePt } from "#lib/formats/pt.ts";
import { readSafetensors } from "#lib/formats/safetensors.ts";
import { requireExperiment } from "#lib/pipeline/context.ts";
import { experimentFolder } from "#lib/pipeline/paths.ts";
import { reportHtml } from "#lib/pipeline/report/html.ts";
import { tillerHome, userPath } from "#lib/server/paths.ts";
import { readReport } from "#lib/server/report.ts";
import { FolderStore } from "#lib/server/store/folder-store.ts";
import { print, printJson, tell } from "../output.ts";

// These commands read files only: they work beside a running server.

/** `tiller report --experiment E [--html FILE]` */
export async function reportCommand({
  experiment,
  html,
  json,
}: {
  experiment: string;
  html?: string;
  json?: boolean;
}): Promise<void> {
  const home = tillerHome();
  const report = await readReport(new FolderStore(home), experiment, home);
  if (html !== undefined) {
    const file = userPath(html);
    await writeFile(file, reportHtml(report.document)).catch((cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === "EISDIR"
          ? "it is a folder"
          : cause.code === "ENOENT"
            ? "its folder is not there"
            : cause.message;
      throw new AppError("usage", `--html ${file} cannot be written: ${why}`, { cause });
    });
    tell(`the report is in ${file}: it needs no other file, and prints`);
  }
  if (json) printJson({ experiment: report.experiment, traits: report.traits });
  else if (html === undefined) print(report.markdown);
}

/** `tiller export --experiment E --format pt|safetensors -o DIR`: every tensor of the experiment, in the same layout. */
export async function exportCommand(options: {
  experiment: string;
  format: string;
  output: string;
}): Promise<void> {
  const { format } = options;
  if (format !== "pt" && format !== "safetensors") {
    throw new AppError("usage", `format ${JSON.stringify(format)} is not known: write pt or safetensors`);
  }
  const source = new FolderStore(tillerHome());
  const name = parseExperimentName(options.experiment);
  await requireExperiment({ artifacts: source }, name);
  const target = new FolderStore(userPath(options.output));
  const folder = experimentFolder(name);
  const files = (await source.list(folder)).filter((file) => !file.includes("/parts/"));
  const tensors = files.filter((file) => file.endsWith(".safetensors"));
  if (tensors.length === 0) {
    throw new AppError("not-found", `experiment ${name} has no tensors yet: tiller run --experiment ${name}`);
  }
  for (const file of tensors) {
    const bytes = await required(source, file);
    const place = file.slice(folder.length + 1);
    if (format === "safetensors") await target.write(place, bytes);
    else await target.write(place.replace(/\.safetensors$/, ".pt"), asPt(bytes, file));
  }
  // What the numbers mean: model, method, position, norms.
  for (const file of files.filter((file) => path.posix.basename(file) === "metadata.json")) {
    await target.write(file.slice(folder.length + 1), await required(source, file));
  }
  tell(`${tensors.length} tensor files written to ${userPath(options.output)}`);
}

/** A file of one tensor becomes that tensor, as `torch.save(tensor)` writes it; several become a dict by name. */
function asPt(bytes: Uint8Array, file: string): Uint8Array {
  const { tensors } = readSafetensors(bytes, file);
  const [only, ...more] = tensors.values();
  return writePt(only && more.length === 0 ? only : tensors);
}

async function required(store: FolderStore, file: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await store.read(file);
  if (bytes) return bytes;
  throw new AppError("not-found", `${file} is gone: it was there a moment ago`);
}
