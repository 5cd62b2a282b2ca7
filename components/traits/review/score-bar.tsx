import { decimal } from "#components/format.ts";
import type { Polarity } from "#lib/core/names.ts";
import type { Thresholds } from "#lib/core/thresholds.ts";

interface ScoreBarProps {
  score: number | null;
  /** A person's score; null where there is none. */
  own: number | null;
  polarity: Polarity;
  thresholds: Thresholds;
}

/** A score between the thresholds, drawn and in words. */
export function ScoreBar({ score, own, polarity, thresholds }: ScoreBarProps) {
  const { pos_threshold, neg_threshold } = thresholds;
  const passes = polarity === "positive" ? [pos_threshold, 100] : [0, neg_threshold];
  const [from = 0, to = 100] = passes;
  const words =
    polarity === "positive"
      ? `a positive passes from ${pos_threshold}`
      : `a negative passes up to ${neg_threshold}`;
  return (
    <div>
      <div aria-hidden className="relative mt-1 h-4 rounded bg-nodata">
        <div
          className="absolute inset-y-0 rounded bg-good/25"
          style={{ left: `${from}%`, width: `${to - from}%` }}
        />
        {score !== null && (
          <div
            className={`absolute inset-y-1 left-0 rounded ${polarity === "positive" ? "bg-positive" : "bg-negative"}`}
            style={{ width: `max(3px, ${score}%)` }}
          />
        )}
        {[neg_threshold, pos_threshold].map((threshold, at) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: the lower comes first
            key={at}
            className="absolute -inset-y-1 border-ink border-l border-dashed"
            style={{ left: `${threshold}%` }}
          />
        ))}
        {own !== null && (
          <div
            className="absolute -inset-y-1 w-1 rounded bg-accent"
            style={{ left: `calc(${own}% - 2px)` }}
          />
        )}
      </div>
      <div aria-hidden className="relative mb-1 h-4 text-muted text-xs">
        <span className="absolute -translate-x-1/2" style={{ left: `${neg_threshold}%` }}>
          {neg_threshold}
        </span>
        {pos_threshold !== neg_threshold && (
          <span className="absolute -translate-x-1/2" style={{ left: `${pos_threshold}%` }}>
            {pos_threshold}
          </span>
        )}
      </div>
      <p className="text-sm">
        Judge: <strong>{score === null ? "no score" : `${decimal(score, 0)} of 100`}</strong>; {words},
        between {neg_threshold} and {pos_threshold} it is ambiguous.
        {own !== null && (
          <>
            {" "}
            You: <strong>{decimal(own, 0)} of 100</strong>.
          </>
        )}
      </p>
    </div>
  );
}
