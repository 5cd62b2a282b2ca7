import { Badge } from "#components/ui/badge.tsx";
import type { RunState } from "#lib/pipeline/api.ts";
import { runLooks } from "./states.ts";

export function RunStateBadge({ state }: { state: RunState }) {
  const { mark, word, tone } = runLooks[state];
  return (
    <Badge tone={tone}>
      <span aria-hidden>{mark}</span> {word}
    </Badge>
  );
}
