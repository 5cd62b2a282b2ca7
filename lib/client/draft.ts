import { AppError } from "#lib/core/errors.ts";

/** How far what is typed is from what is on disk. */
export type SaveState<Conflict> =
  | { kind: "saved"; at: string }
  | { kind: "unsaved" }
  | { kind: "saving" }
  | { kind: "failed"; error: AppError }
  | { kind: "conflict"; conflict: Conflict };

export interface DraftOptions<Conflict> {
  /** Saves all that is unsaved. @returns when it was saved. Throws AppError. */
  save(): Promise<string>;
  /** What a failed save met on disk; null where that was not why. */
  conflictOf(error: unknown): Conflict | null;
  onState(state: SaveState<Conflict>): void;
}

const AFTER_MS = 1000;

/** Saves what is typed a second after the typing stops. One save at a time; a conflict waits for the person. */
export class Draft<Conflict> {
  readonly #options: DraftOptions<Conflict>;
  #state: SaveState<Conflict>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #changed = false;

  constructor(savedAt: string, options: DraftOptions<Conflict>) {
    this.#options = options;
    this.#state = { kind: "saved", at: savedAt };
  }

  get state(): SaveState<Conflict> {
    return this.#state;
  }

  /** True while something typed is not on disk. */
  get dirty(): boolean {
    return this.#state.kind !== "saved";
  }

  /** To be told of each change. */
  touch(): void {
    this.#changed = true;
    if (this.#state.kind === "conflict") return;
    if (!this.#running && this.#state.kind !== "unsaved") this.#set({ kind: "unsaved" });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), AFTER_MS);
  }

  /** Saves now what is unsaved. @returns false where it could not be. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.dirty && this.#state.kind !== "conflict") {
      this.#running ??= this.#save();
      await this.#running;
      if (this.#state.kind === "failed") return false;
    }
    return this.#state.kind === "saved";
  }

  async #save(): Promise<void> {
    this.#changed = false;
    this.#set({ kind: "saving" });
    let state: SaveState<Conflict>;
    try {
      const at = await this.#options.save();
      state = this.#changed ? { kind: "unsaved" } : { kind: "saved", at };
    } catch (error) {
      const conflict = this.#options.conflictOf(error);
      state = conflict ? { kind: "conflict", conflict } : { kind: "failed", error: AppError.from(error) };
    }
    this.#running = null;
    this.#set(state);
  }

  /** The conflict is settled: what is typed now is to be saved, or is what is on disk since `savedAt`. */
  settle(savedAt?: string): void {
    if (savedAt !== undefined) this.#set({ kind: "saved", at: savedAt });
    else {
      this.#set({ kind: "unsaved" });
      void this.flush();
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #set(state: SaveState<Conflict>): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
