import { useState } from "react";
import { type WriterSettings, writerSettingsSchema } from "#lib/authoring/api.ts";
import { useExperiments } from "./queries.ts";

const KEY = "tiller.writer";

function remembered(): WriterSettings | null {
  try {
    return writerSettingsSchema.safeParse(JSON.parse(localStorage.getItem(KEY) ?? "null")).data ?? null;
  } catch {
    return null;
  }
}

/** Keeps in this browser who wrote last; the address and the model's name, never a key. */
export function rememberWriter(writer: WriterSettings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(writer));
  } catch {
    // A browser that keeps nothing asks again.
  }
}

/**
 * Who is to write: what the person typed here, else who wrote last in this browser, else the judge of the first
 * experiment that has an endpoint, else nobody yet.
 */
export function useWriter(): [WriterSettings, (change: Partial<WriterSettings>) => void] {
  const [last] = useState(remembered);
  const [typed, setTyped] = useState<Partial<WriterSettings>>({});
  const { data } = useExperiments(last === null);
  const judge = data?.experiments.find((experiment) => experiment.judge !== "builtin");
  const known = last ?? { judge: judge?.judge ?? "", model: judge?.judge_model ?? "" };
  return [{ ...known, ...typed }, (change) => setTyped((before) => ({ ...before, ...change }))];
}
