"use client";
import { useState } from "react";
import { signed } from "#components/format.ts";
import { tintOf } from "#lib/core/colour-scale.ts";

interface ColouredTextProps {
  tokens: readonly string[];
  /** One a token. */
  values: readonly number[];
  /** The value with the fullest colour, the same for texts that are compared. */
  reach: number;
  /** What a value is, for the tooltip: `projection on optimism`. */
  what: string;
}

/** A text whose tokens are coloured by a value; each tells its own in a tooltip, and all stand in a table to open. */
export function ColouredText({ tokens, values, reach, what }: ColouredTextProps) {
  const [open, setOpen] = useState(false);
  const told = tokens.map((token, at) => ({ token, value: values[at] ?? 0, key: `${at} ${token}` }));
  return (
    <div>
      <p className="whitespace-pre-wrap break-words font-mono text-sm leading-relaxed">
        {told.map(({ token, value, key }) => (
          <span
            key={key}
            data-projection={value}
            title={`${what}: ${signed(value, 2)}`}
            className="rounded-sm"
            style={{ background: tintOf(value, reach) }}
          >
            {token}
          </span>
        ))}
      </p>
      <details className="mt-1 text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="text-muted">Tokens as a table ({tokens.length})</summary>
        {open && (
          <table className="mt-1">
            <thead>
              <tr className="text-left text-muted">
                <th className="pr-4 font-medium">token</th>
                <th className="font-medium">{what}</th>
              </tr>
            </thead>
            <tbody>
              {told.map(({ token, value, key }) => (
                <tr key={key}>
                  <td className="whitespace-pre pr-4 font-mono">{JSON.stringify(token).slice(1, -1)}</td>
                  <td className="text-right">{signed(value, 2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </details>
    </div>
  );
}

/** The largest size among values that share one scale; 1 where all are 0. */
export function reachOf(values: Iterable<number>): number {
  let reach = 0;
  for (const value of values) reach = Math.max(reach, Math.abs(value));
  return reach || 1;
}

/** What the colours of a text mean. */
export function ColourKey({ reach, what }: { reach: number; what: string }) {
  const steps = [-1, -0.5, 0, 0.5, 1].map((share) => share * reach);
  return (
    <p className="flex flex-wrap items-center gap-2 text-muted text-xs">
      {what}:
      <span className="flex overflow-hidden rounded border">
        {steps.map((value) => (
          <span key={value} className="px-2 py-0.5 text-ink" style={{ background: tintOf(value, reach) }}>
            {signed(value, 1)}
          </span>
        ))}
      </span>
    </p>
  );
}
