import { useState } from "react";
import { type WriterSettings, writerSettingsSchema } from "#lib/authoring/api.ts";
import { useExperiments } from "./queries.ts";
import { recall, remember } from "./remembered.ts";

const NAME = "writer";

/** Keeps in this browser who wrote last; the address and the model's name. */
export function rememberWriter(writer: WriterSettings): void {
  remember(NAME, writer);
}

/**
 * Who is to write: what the person typed here, else who wrote last in this browser, else the judge of the first
 * experiment that has an endpoint, else nobody yet.
 */
export function useWriter(): [WriterSettings, (change: Partial<WriterSettings>) => void] {
  const [last] = useState(() => recall(NAME, writerSettingsSchema));
  const [typed, setTyped] = useState<Partial<WriterSettings>>({});
  const { data } = useExperiments(last === null);
  const judge = data?.experiments.find(
    (experiment) => experiment.judge !== null && experiment.judge !== "builtin",
  );
  const known = last ?? { judge: judge?.judge ?? "", model: judge?.judge_model ?? "" };
  return [{ ...known, ...typed }, (change) => setTyped((before) => ({ ...before, ...change }))];
}
