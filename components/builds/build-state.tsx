import { Badge, type Tone } from "#components/ui/badge.tsx";
import type { BuildState } from "#lib/builds/api.ts";

const looks: Record<BuildState, { mark: string; tone: Tone }> = {
  running: { mark: "▶", tone: "accent" },
  done: { mark: "✓", tone: "good" },
  stopped: { mark: "‖", tone: "warn" },
  failed: { mark: "✕", tone: "bad" },
};

export function BuildStateBadge({ state }: { state: BuildState }) {
  const { mark, tone } = looks[state];
  return (
    <Badge tone={tone}>
      <span aria-hidden>{mark}</span> {state}
    </Badge>
  );
}
