import { Badge, type Tone } from "#components/ui/badge.tsx";
import type { Verdict } from "#lib/core/thresholds.ts";

const looks: Record<Verdict | "changed", { tone: Tone; words: string }> = {
  pass: { tone: "good", words: "✓ passes" },
  fail: { tone: "bad", words: "✗ fails" },
  ambiguous: { tone: "warn", words: "~ ambiguous" },
  error: { tone: "bad", words: "! no score" },
  changed: { tone: "accent", words: "changed" },
};

/** A verdict in words and a mark; null is a text that was not vetted as it is. */
export function VerdictBadge({ verdict }: { verdict: Verdict | null }) {
  const { tone, words } = looks[verdict ?? "changed"];
  return <Badge tone={tone}>{words}</Badge>;
}
