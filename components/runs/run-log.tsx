import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import type { RunSnapshot } from "#lib/pipeline/api.ts";
import { stageTitles } from "./states.ts";

/** Failures first, then what the run said, newest first. */
export function RunLog({ run }: { run: RunSnapshot }) {
  const { failures, notices } = run;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Card title="Failed items" hint="The rest of a batch goes on without them; nothing is counted as zero.">
        {failures.length === 0 ? (
          <p className="text-muted text-sm">None.</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          <section className="max-h-72 overflow-y-auto" tabIndex={0} aria-label="Failed items, scrollable">
            <ul className="space-y-1 text-sm">
              {failures.toReversed().map(({ at, trait, stage, item, message }) => (
                <li key={`${at} ${trait} ${stage} ${item}`}>
                  <span className="font-medium">
                    {trait} · {stageTitles[stage]} · {item}:
                  </span>{" "}
                  {message}
                </li>
              ))}
            </ul>
          </section>
        )}
      </Card>
      <Card title="Log">
        {notices.length === 0 ? (
          <p className="text-muted text-sm">Nothing yet.</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          <section className="max-h-72 overflow-y-auto" tabIndex={0} aria-label="Log, scrollable">
            <ul className="space-y-1 font-mono text-xs" aria-live="polite">
              {notices.toReversed().map(({ at, level, message }) => (
                <li key={`${at} ${message}`}>
                  <span className="text-muted">{at.slice(11, 19)}</span>{" "}
                  {level === "warning" && <Badge tone="warn">warning</Badge>} {message}
                </li>
              ))}
            </ul>
          </section>
        )}
      </Card>
    </div>
  );
}
