import { balanceOf } from "../balance.ts";
import type { Balance } from "../records.ts";
import type { CaaFile } from "./file.ts";

/** What a file holds. */
export interface CaaReport {
  layout: CaaFile["layout"];
  counts: Record<string, number>;
  /** Null where the layout has no order of options. */
  balance: Balance | null;
  /** What deserves a look, in a person's words. */
  remarks: string[];
}

export function inspectCaa(data: CaaFile): CaaReport {
  const { layout } = data;
  switch (layout) {
    case "caa-open":
      return { layout, counts: { questions: data.records.length }, balance: null, remarks: [] };
    case "persona-vectors": {
      const { instruction, questions } = data.trait;
      const counts = { "instruction pairs": instruction.length, questions: questions.length };
      return { layout, counts, balance: null, remarks: [] };
    }
    case "persona-vectors-csv": {
      const counts = {
        answers: data.rows.length,
        questions: new Set(data.rows.map((row) => row.question)).size,
      };
      return { layout, counts, balance: null, remarks: [`the trait's column is ${data.trait}`] };
    }
    default: {
      const { items } = data;
      const ordered = items.flatMap(({ first }) => first ?? []);
      const same = items.filter(({ positive, neutral }) => positive.trim() === neutral.trim()).length;
      const keys = items.map(({ situation, name, question }) => JSON.stringify([situation, name, question]));
      const repeated = items.length - new Set(keys).size;
      const characters = new Set(items.flatMap(({ name }) => name ?? [])).size;
      return {
        layout,
        counts: { samples: items.length, ...(characters > 0 && { characters }) },
        balance:
          ordered.length === 0
            ? null
            : balanceOf(ordered.filter((first) => first === "positive").length, ordered.length),
        remarks: [
          ...(same > 0 ? [`${same} samples with two equal answers`] : []),
          ...(repeated > 0 ? [`${repeated} samples repeat a situation`] : []),
        ],
      };
    }
  }
}
