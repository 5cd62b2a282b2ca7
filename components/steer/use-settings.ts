import {
  createParser,
  parseAsFloat,
  parseAsInteger,
  parseAsNativeArrayOf,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import {
  formatSteeredVector,
  parseSteeredVector,
  type SteeredVector,
  type SteeringChoice,
  tokenScopes,
} from "#lib/chat/steering-choice.ts";

/** A vector of this page: always by coefficient. */
export type ChosenVector = Omit<SteeredVector, "ratio" | "coef"> & { coef: number };

const chosenVector = createParser<ChosenVector>({
  parse(text) {
    try {
      const { ratio: _, coef = 0, ...name } = parseSteeredVector(text);
      return { ...name, coef };
    } catch {
      // A link that names no vector is a link without it.
      return null;
    }
  },
  serialize: (vector) => formatSteeredVector({ ...vector, coef: Number(vector.coef.toFixed(4)) }),
});

export const devices = ["server", "webgpu", "wasm"] as const;
export type ChatDevice = (typeof devices)[number];

/** All that the page is set to, kept in its address: a link to it is the whole of it but the text. */
export function useSettings() {
  const [settings, setSettings] = useQueryStates({
    v: parseAsNativeArrayOf(chosenVector).withDefault([]),
    tokens: parseAsStringLiteral(tokenScopes).withDefault("default"),
    model: parseAsString,
    device: parseAsStringLiteral(devices).withDefault("server"),
    temperature: parseAsFloat.withDefault(0),
    seed: parseAsInteger.withDefault(1),
    max: parseAsInteger.withDefault(120),
    /** Which vector colours the tokens, by its place. */
    colour: parseAsInteger,
    /** A first message that a link may carry. */
    text: parseAsString,
  });
  return { settings, setSettings };
}

export type Settings = ReturnType<typeof useSettings>["settings"];
export type SetSettings = ReturnType<typeof useSettings>["setSettings"];

export function steeringOf({ v, tokens }: Pick<Settings, "v" | "tokens">): SteeringChoice | null {
  return v.length === 0 ? null : { vectors: v, tokens };
}

/** The page's address with these settings; the text only where it is given. */
export function shareLink(href: string, text: string | null): string {
  const url = new URL(href);
  url.searchParams.delete("text");
  if (text) url.searchParams.set("text", text);
  return url.href;
}
