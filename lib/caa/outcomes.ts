import type { OutputFolder } from "#lib/builds/ports.ts";
import type { DatasetFiles } from "./files.ts";
import type { JournalLine } from "./records.ts";

interface Waiting {
  journal: string;
  /** The sample's line in the dataset. */
  dataset: string | null;
  resolve(): void;
  reject(error: unknown): void;
}

/** Writes outcomes, first to the journal and then to the dataset; what arrives meanwhile is written together next. */
export class OutcomeWriter {
  readonly #output: OutputFolder;
  readonly #files: DatasetFiles;
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(output: OutputFolder, files: DatasetFiles) {
    this.#output = output;
    this.#files = files;
  }

  /** Durable when it resolves. */
  add(line: JournalLine, dataset: string | null = null): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ journal: JSON.stringify(line), dataset, resolve, reject });
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#output.append(this.#files.work, joined(batch.map(({ journal }) => journal)));
        const lines = batch.flatMap(({ dataset }) => dataset ?? []);
        if (lines.length > 0) await this.#output.append(this.#files.dataset, joined(lines));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#busy = false;
  }
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
