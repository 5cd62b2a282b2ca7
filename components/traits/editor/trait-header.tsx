import Link from "next/link";
import { Fragment, type ReactNode } from "react";
import { reviewPath } from "../vet/review-path.ts";

export const tabs = ["write", "vet", "history"] as const;
export type Tab = (typeof tabs)[number];
const titles = { write: "Write", vet: "Vet", history: "History" };
const look =
  "rounded-md border px-3 py-1 hover:bg-raised aria-pressed:border-accent aria-pressed:text-accent";

interface TraitHeaderProps {
  trait: string;
  tab: Tab;
  onTab(tab: Tab): void;
  /** What the review is about; null before an experiment is known. */
  experiment: string | null;
  /** Between name and tabs: how it is saved, what can be done with the whole. */
  children: ReactNode;
}

/** The trait's name and its tabs; the review is a page of its own. */
export function TraitHeader({ trait, tab, onTab, experiment, children }: TraitHeaderProps) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-3">
      <h1 className="font-semibold text-2xl">
        <Link href="/traits" className="text-accent underline underline-offset-4">
          Traits
        </Link>{" "}
        · <span className="break-all">{trait}</span>
      </h1>
      <div className="flex flex-wrap items-center gap-3">
        {children}
        <div className="flex gap-1 text-sm">
          {tabs.map((each) => (
            <Fragment key={each}>
              {each === "history" && (
                <Link href={reviewPath(trait, experiment)} className={look}>
                  Review
                </Link>
              )}
              <button type="button" aria-pressed={each === tab} onClick={() => onTab(each)} className={look}>
                {titles[each]}
              </button>
            </Fragment>
          ))}
        </div>
      </div>
    </header>
  );
}
