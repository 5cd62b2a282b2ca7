import type { z } from "zod";

/** What this browser kept under a name; null where it kept nothing that can be read. */
export function recall<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> | null {
  try {
    return schema.safeParse(JSON.parse(localStorage.getItem(keyOf(name)) ?? "null")).data ?? null;
  } catch {
    return null;
  }
}

/** Keeps a choice in this browser; never a key. */
export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(keyOf(name), JSON.stringify(value));
  } catch {
    // A browser that keeps nothing asks again.
  }
}

function keyOf(name: string): string {
  return `tiller.${name}`;
}
