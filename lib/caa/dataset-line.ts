import { layoutOfRecord, type PairLayoutName, pairLayouts } from "./layouts/file.ts";
import type { CaaItem } from "./layouts/item.ts";
import type { BuildLayout } from "./layouts/names.ts";
import type { SampleRecord, Scenario } from "./records.ts";

type Told = Pick<SampleRecord, "scenario" | "positive" | "neutral" | "first">;

function itemOf({ scenario, positive, neutral, first }: Told): CaaItem {
  return { ...scenario, positive, neutral, first };
}

/** A sample as its dataset's file has it, without the line break. */
export function lineOf(sample: Told, layout: BuildLayout): string {
  return JSON.stringify(pairLayouts[layout].write(itemOf(sample)));
}

/** Whether a layout can hold a sample so that reading gives it back. */
export function canHold(sample: Told, layout: BuildLayout): boolean {
  const item = itemOf(sample);
  const { write, read, holds } = pairLayouts[layout];
  try {
    const back = read(write(item), "");
    return (
      back.positive === item.positive &&
      back.neutral === item.neutral &&
      back.name === item.name &&
      (!holds.order ||
        (back.first === item.first && back.situation === item.situation && back.question === item.question))
    );
  } catch {
    return false;
  }
}

/** A line of a dataset's file that its journal does not know. */
export interface ForeignLine extends Pick<SampleRecord, "positive" | "neutral"> {
  first: SampleRecord["first"] | null;
  /** The same for the scenario it was made of (`headOf`). */
  head: string;
}

/** Null for what is no line of this layout. */
export function readForeignLine(text: string, layout: BuildLayout): ForeignLine | null {
  try {
    const record: unknown = JSON.parse(text);
    if (layoutOfRecord(record) !== layout) return null;
    const item = pairLayouts[layout satisfies PairLayoutName].read(record as Record<string, unknown>, "");
    const { positive, neutral, first } = item;
    return { positive, neutral, first, head: headOfItem(item) };
  } catch {
    return null;
  }
}

/** What a layout's line says of its scenario. */
export function headOf(scenario: Scenario, layout: BuildLayout): string {
  const { write, read } = pairLayouts[layout];
  try {
    return headOfItem(read(write({ ...scenario, positive: "a", neutral: "b", first: "positive" }), ""));
  } catch {
    return "";
  }
}

function headOfItem({ situation, name, question }: CaaItem): string {
  return JSON.stringify([situation, name, question]);
}
