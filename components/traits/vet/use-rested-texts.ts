import { useEffect, useState } from "react";
import type { Trait } from "#lib/traits/api.ts";
import type { TraitTexts } from "#lib/traits/document.ts";

/** Characters from which looking through all lines takes longer than a keystroke may. */
const LONG = 200_000;
const REST_MS = 3000;

/** The saved texts; of a long trait those of the last time that the keyboard rested. @param now they are on the screen */
export function useRestedTexts({ texts }: Pick<Trait, "texts">, now: boolean): TraitTexts {
  const [rested, setRested] = useState<TraitTexts>(texts);
  const waits = !now && Object.values(texts).reduce((sum, text) => sum + text.length, 0) > LONG;
  useEffect(() => {
    if (!waits) return;
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setRested(texts), REST_MS);
    };
    wait();
    addEventListener("keydown", wait, { capture: true });
    return () => {
      clearTimeout(timer);
      removeEventListener("keydown", wait, { capture: true });
    };
  }, [texts, waits]);
  return waits ? rested : texts;
}
