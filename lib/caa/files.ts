/** The files of one dataset, beside each other. */
export interface DatasetFiles {
  dataset: string;
  checkpoint: string;
  work: string;
}

const ENDS = { dataset: ".jsonl", checkpoint: ".checkpoint.json", work: ".work.ndjson" };
const NAME = /^caa_dataset_\d{8}_\d{6}$/;

/** `caa_dataset_20261121_175103.jsonl` and what belongs to it. @param folder "" or `name/` */
export function filesOf(folder: string, stem: string): DatasetFiles {
  const base = `${folder}${stem}`;
  return { dataset: base + ENDS.dataset, checkpoint: base + ENDS.checkpoint, work: base + ENDS.work };
}

/** The stem of a new dataset; UTC. */
export function stemAt(time: Date): string {
  const digits = time.toISOString().replace(/\D/g, "");
  return `caa_dataset_${digits.slice(0, 8)}_${digits.slice(8, 14)}`;
}

/** Every dataset of a folder of which any file is there, the newest first. @param files all of the output folder */
export function stemsIn(files: readonly string[], folder: string): string[] {
  const stems = files.flatMap((file) => {
    if (!file.startsWith(folder)) return [];
    const name = file.slice(folder.length);
    const end = Object.values(ENDS).find((ending) => name.endsWith(ending));
    const stem = end === undefined ? "" : name.slice(0, -end.length);
    return NAME.test(stem) ? [stem] : [];
  });
  return [...new Set(stems)].sort().reverse();
}

/** The file beside a dataset in which its build keeps what it knows; null for a file of another name. */
export function workBeside(dataset: string): string | null {
  return dataset.endsWith(ENDS.dataset) ? dataset.slice(0, -ENDS.dataset.length) + ENDS.work : null;
}
