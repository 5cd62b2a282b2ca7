/** A contrast of two reactions to one situation: what psyctl's layouts and nrimsky/CAA's hold, each in its own words. */
export interface CaaItem {
  situation: string;
  /** The character; null: nobody is named. */
  name: string | null;
  /** Null: the usual question, or none. */
  question: string | null;
  positive: string;
  neutral: string;
  /** Which option is the first; null where the layout has no order. */
  first: "positive" | "neutral" | null;
  /** The record as it was read, where it is spelt otherwise than this version would write it. */
  raw?: Record<string, unknown>;
}

/** A layout of contrasts, one record each. */
export interface PairLayout {
  /** Of the members that the layout knows. */
  members: readonly string[];
  /** What of an item it can tell apart; the rest is written into the situation, or is not in it. */
  holds: { order: boolean };
  /** Null for a record of another layout; `name` is what an error calls it. Throws `invalid-file`. */
  read(record: Record<string, unknown>, name: string): CaaItem;
  /** `first` null: the positive one. */
  write(item: CaaItem): Record<string, unknown>;
}

export const usualQuestion = "What would your response be in this situation?";

/** `You are Mara. What would your response be in this situation?`; an own question stands in the next line. */
export function formatAsk({ name, question }: Pick<CaaItem, "name" | "question">): string {
  if (name === null) return question ?? usualQuestion;
  return question === null ? `You are ${name}. ${usualQuestion}` : `You are ${name}.\n${question}`;
}

export function parseAsk(ask: string): Pick<CaaItem, "name" | "question"> {
  if (ask === usualQuestion) return { name: null, question: null };
  if (ask.startsWith("You are ") && ask.endsWith(`. ${usualQuestion}`)) {
    const name = ask.slice("You are ".length, -`. ${usualQuestion}`.length);
    if (isLine(name)) return { name, question: null };
  }
  const [, name, question] = /^You are ([^\n]+)\.\n([\s\S]+)$/.exec(ask) ?? [];
  return name === undefined || question === undefined ? { name: null, question: ask } : { name, question };
}

function isLine(text: string): boolean {
  return text !== "" && !text.includes("\n");
}

/** The item with the record it came from, where writing it anew would give another. */
export function withRaw(
  item: CaaItem,
  record: Record<string, unknown>,
  layout: Pick<PairLayout, "write">,
): CaaItem {
  return sameRecord(layout.write(item), record) ? item : { ...item, raw: record };
}

function sameRecord(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
