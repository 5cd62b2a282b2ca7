import { type ColumnMapping, labelsOf } from "#lib/traits/import/mapping.ts";
import type { Table } from "#lib/traits/import/table.ts";

/** A column mapping while it is chosen; "" where nothing is. */
export interface MappingForm {
  kind: ColumnMapping["kind"];
  positive: string;
  negative: string;
  positiveSystem: string;
  negativeSystem: string;
  prompt: string;
  label: string;
  positiveLabel: string;
  negativeLabel: string;
  system: string;
}

const blank: MappingForm = {
  kind: "pairs",
  positive: "",
  negative: "",
  positiveSystem: "",
  negativeSystem: "",
  prompt: "",
  label: "",
  positiveLabel: "",
  negativeLabel: "",
  system: "",
};

/** Begins with what the column names suggest. */
export function mappingFormOf(guess: ColumnMapping | null): MappingForm {
  if (!guess) return blank;
  if (guess.kind === "pairs") return { ...blank, ...guess };
  const { positive: positiveLabel, negative: negativeLabel, ...rest } = guess;
  return { ...blank, ...rest, positiveLabel, negativeLabel };
}

/** The mapping; null until both sides are told apart. */
export function mappingOf(form: MappingForm): ColumnMapping | null {
  if (form.kind === "pairs") {
    const { positive, negative, positiveSystem, negativeSystem } = form;
    if (positive === "" || negative === "" || positive === negative) return null;
    return {
      kind: "pairs",
      positive,
      negative,
      ...(positiveSystem === "" ? {} : { positiveSystem }),
      ...(negativeSystem === "" ? {} : { negativeSystem }),
    };
  }
  const { prompt, label, positiveLabel: positive, negativeLabel: negative, system } = form;
  if (prompt === "" || label === "" || positive === "" || negative === "" || positive === negative)
    return null;
  return { kind: "labelled", prompt, label, positive, negative, ...(system === "" ? {} : { system }) };
}

/** Another label column: of two labels, which is which is guessed. */
export function withLabelColumn(form: MappingForm, label: string, table: Table): MappingForm {
  const { guess } = labelsOf(table, label);
  return { ...form, label, positiveLabel: guess?.positive ?? "", negativeLabel: guess?.negative ?? "" };
}
