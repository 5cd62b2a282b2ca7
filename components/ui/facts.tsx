import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

interface FactsProps {
  /** A name and what it is, in order. */
  facts: readonly (readonly [name: string, value: ReactNode])[];
  /** The grid, and how it is framed. */
  className: string;
  children?: ReactNode;
}

/** Figures under their names. */
export function Facts({ facts, className, children }: FactsProps) {
  return (
    <dl className={classNames("grid", className)}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="text-muted text-xs">{name}</dt>
          <dd className="break-words font-medium tabular-nums">{value}</dd>
        </div>
      ))}
      {children}
    </dl>
  );
}
