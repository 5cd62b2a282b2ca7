import { percent } from "#components/format.ts";
import type { Vet } from "./use-vet.ts";

/** The pass rates beside the save status; leads to the Vet tab. */
export function VetStatus({ figures, onOpen }: { figures: Vet["figures"]; onOpen(): void }) {
  const rates = [
    ["Scenarios", figures.scenario],
    ["responses", figures.response],
  ] as const;
  const known = rates.filter(([, { open, lines }]) => open < lines);
  if (known.length === 0) return null;
  return (
    <button type="button" onClick={onOpen} className="text-accent text-sm underline underline-offset-2">
      {known
        .map(
          ([name, { summary, open }]) =>
            `${name} ${percent(summary.pass_rate)}${open > 0 ? ` (${open} open)` : ""}`,
        )
        .join(" · ")
        .replace(/^responses/, "Responses")}
    </button>
  );
}
