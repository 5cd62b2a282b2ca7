import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

interface CardProps {
  title?: ReactNode;
  /** What the card is about, one or two lines under the title. */
  hint?: ReactNode;
  /** Controls at the right end of the title line. */
  actions?: ReactNode;
  className?: string;
  children?: ReactNode;
}

export function Card({ title, hint, actions, className, children }: CardProps) {
  return (
    <section className={classNames("min-w-0 rounded-lg border bg-surface p-4", className)}>
      {(title || actions) && (
        <header className="mb-3 flex flex-wrap items-start justify-between gap-2">
          <div className="min-w-0">
            {title && <h2 className="font-semibold text-base">{title}</h2>}
            {hint && <p className="text-muted text-sm">{hint}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
