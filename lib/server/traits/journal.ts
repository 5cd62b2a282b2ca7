import { randomBytes } from "node:crypto";
import { z } from "zod";
import { sha256 } from "#lib/core/hash.ts";
import { formatJson, parseJson } from "#lib/formats/json.ts";
import type { FolderStore } from "../store/folder-store.ts";

const FOLDER = ".tiller/traits/journal";

const stepSchema = z.union([
  /** Writes `content` (null: removes the file) if the file still has the hash `from` (null: is not there). */
  z.object({ file: z.string(), from: z.string().nullable(), content: z.string().nullable() }),
  /** Moves a folder that is still there to a place that is still free. */
  z.object({ folder: z.string(), to: z.string() }),
]);
export type Step = z.infer<typeof stepSchema>;

/**
 * Changes of several files or folders that must all come about: they are noted first, and `finish` does after a kill
 * what is left of them. A step whose file has been changed by another program meanwhile is left out.
 */
export class Journal {
  readonly #store: FolderStore;

  constructor(store: FolderStore) {
    this.#store = store;
  }

  async perform(steps: Step[]): Promise<void> {
    const note = `${FOLDER}/${Date.now()}-${randomBytes(4).toString("hex")}.json`;
    await this.#store.write(note, formatJson(steps));
    await this.#run(steps);
    await this.#store.remove(note);
  }

  /** Finishes what a killed process had begun. */
  async finish(): Promise<void> {
    for (const note of await this.#store.list(FOLDER)) {
      const text = await this.#store.readText(note);
      if (text === null) continue;
      await this.#run(parseJson(text, note, z.array(stepSchema)));
      await this.#store.remove(note);
    }
  }

  async #run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if ("folder" in step) await this.#move(step.folder, step.to);
      else await this.#put(step);
    }
  }

  async #put({ file, from, content }: Extract<Step, { file: string }>): Promise<void> {
    const bytes = await this.#store.read(file);
    if ((bytes && (await sha256(bytes))) !== from) return;
    if (content === null) await this.#store.remove(file);
    else await this.#store.write(file, Buffer.from(content, "base64"));
  }

  async #move(folder: string, to: string): Promise<void> {
    const there = (await this.#store.list(folder)).length > 0;
    const taken = (await this.#store.list(to)).length > 0;
    if (there && !taken) await this.#store.move(folder, to);
  }
}
