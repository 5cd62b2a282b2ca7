import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import {
  binResponseSchema,
  type CreateTrait,
  type DeletedTrait,
  type Revision,
  revisionResponseSchema,
  revisionsResponseSchema,
  type SavedTrait,
  type SaveTrait,
  savedTraitSchema,
  type Trait,
  type TraitConflict,
  type TraitOverview,
  traitConflictSchema,
  traitSchema,
  traitsResponseSchema,
} from "#lib/traits/api.ts";
import type { TraitTexts } from "#lib/traits/document.ts";
import { request } from "./request.ts";

/** What the pages ask about traits; `trait` is `category/trait`. Each call throws AppError as `request` does. */
export class TraitsApi {
  readonly #base: string;

  /** @param base the server's address; in a page of its own none is needed */
  constructor(base = "") {
    this.#base = `${base}/api`;
  }

  async list(signal?: AbortSignal): Promise<TraitOverview[]> {
    return (await request(traitsResponseSchema, `${this.#base}/traits`, { signal })).traits;
  }

  create(body: CreateTrait): Promise<Trait> {
    return request(traitSchema, `${this.#base}/traits`, { method: "POST", body });
  }

  read(trait: string, signal?: AbortSignal): Promise<Trait> {
    return request(traitSchema, this.#path(trait), { signal });
  }

  /** Throws `conflict` when the files on disk are no longer those of `base`: `conflictOf` tells what to choose from. */
  save(trait: string, body: SaveTrait): Promise<SavedTrait> {
    return request(savedTraitSchema, this.#path(trait), { method: "PUT", body });
  }

  /** @returns its entry in the bin */
  async remove(trait: string): Promise<string> {
    return (await request(z.object({ id: z.string() }), this.#path(trait), { method: "DELETE" })).id;
  }

  async rename(trait: string, to: string): Promise<void> {
    await request(z.unknown(), this.#path(trait, "/rename"), { method: "POST", body: { to } });
  }

  duplicate(trait: string, to: string): Promise<Trait> {
    return request(traitSchema, this.#path(trait, "/duplicate"), { method: "POST", body: { to } });
  }

  /** Newest first. */
  async revisions(trait: string, signal?: AbortSignal): Promise<Revision[]> {
    return (await request(revisionsResponseSchema, this.#path(trait, "/revisions"), { signal })).revisions;
  }

  revision(
    trait: string,
    id: number,
    signal?: AbortSignal,
  ): Promise<{ revision: Revision; texts: TraitTexts }> {
    return request(revisionResponseSchema, this.#path(trait, `/revisions/${id}`), { signal });
  }

  /** Throws `conflict` as `save` does. */
  restore(trait: string, revision: number, base: string): Promise<SavedTrait> {
    const body = { revision, base };
    return request(savedTraitSchema, this.#path(trait, "/restore"), { method: "POST", body });
  }

  /** Deleted traits, newest first. */
  async bin(signal?: AbortSignal): Promise<DeletedTrait[]> {
    return (await request(binResponseSchema, `${this.#base}/trait-bin`, { signal })).deleted;
  }

  /** @param to another name than it had. @returns its name */
  async restoreDeleted(entry: string, to?: string): Promise<string> {
    const path = `${this.#base}/trait-bin/${encodeURIComponent(entry)}/restore`;
    return (await request(z.object({ trait: z.string() }), path, { method: "POST", body: { to } })).trait;
  }

  #path(trait: string, what = ""): string {
    return traitPath(this.#base, trait, what);
  }
}

/** @param api the address of `/api`; `what` is below the trait: `/revisions` */
export function traitPath(api: string, trait: string, what: string): string {
  return `${api}/traits/${trait.split("/").map(encodeURIComponent).join("/")}${what}`;
}

/** What a save met on disk; null for any other error. */
export function conflictOf(error: unknown): TraitConflict | null {
  if (!(error instanceof AppError) || error.code !== "conflict") return null;
  return traitConflictSchema.safeParse(error.details).data ?? null;
}
