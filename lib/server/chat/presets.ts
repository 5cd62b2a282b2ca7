import { type NamedPreset, type NewPreset, presetNameSchema, presetSchema } from "#lib/chat/presets.ts";
import { AppError } from "#lib/core/errors.ts";
import { formatJson, parseJson } from "#lib/formats/json.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import type { Log } from "../log.ts";

const FOLDER = "presets";
const pathOf = (name: string) => `${FOLDER}/${presetNameSchema.parse(name)}.json`;

export interface PresetsOptions {
  artifacts: ArtifactStore;
  now: () => Date;
  isModel(name: string): boolean;
  log: Pick<Log, "error">;
}

/** Saved steering, one file each: `presets/{name}.json`. */
export class Presets {
  readonly #artifacts: ArtifactStore;
  readonly #now: () => Date;
  readonly #isModel: (name: string) => boolean;
  readonly #log: Pick<Log, "error">;

  /** @param options.isModel whether an installed model has the name: the endpoint would not know which is meant */
  constructor({ artifacts, now, isModel, log }: PresetsOptions) {
    this.#artifacts = artifacts;
    this.#now = now;
    this.#isModel = isModel;
    this.#log = log;
  }

  /** By name. A damaged one is left out, and logged: it must not hide the others. */
  async list(): Promise<NamedPreset[]> {
    const files = await this.#artifacts.list(FOLDER);
    const names = files.flatMap((file) => {
      const name = file.slice(FOLDER.length + 1).replace(/\.json$/, "");
      return file.endsWith(".json") && presetNameSchema.safeParse(name).success ? [name] : [];
    });
    const presets = await Promise.all(
      names.map((name) =>
        this.find(name).catch((error: unknown) => {
          this.#log.error(`preset ${name} cannot be read`, error);
          return null;
        }),
      ),
    );
    return presets.filter((preset) => preset !== null);
  }

  /** Null where there is none. Throws `invalid-file` for a damaged one. */
  async find(name: string): Promise<NamedPreset | null> {
    if (!presetNameSchema.safeParse(name).success) return null;
    const text = await this.#artifacts.readText(pathOf(name));
    return text === null ? null : { name, ...parseJson(text, pathOf(name), presetSchema) };
  }

  /** Makes one, or replaces the one of that name. Throws `conflict` for a model's name. */
  async save({ name, model, steering }: NewPreset): Promise<NamedPreset> {
    if (this.#isModel(name)) {
      throw new AppError("conflict", `a model is called ${name}: give the preset another name`);
    }
    const preset = { model, steering, created_at: this.#now().toISOString() };
    await this.#artifacts.write(pathOf(name), formatJson(preset));
    return { name, ...preset };
  }

  /** Throws `not-found`. */
  async remove(name: string): Promise<void> {
    if ((await this.find(name)) === null) throw new AppError("not-found", `there is no preset ${name}`);
    await this.#artifacts.remove(pathOf(name));
  }
}
