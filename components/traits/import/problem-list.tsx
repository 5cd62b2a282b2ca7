import { whole } from "#components/format.ts";
import { formatProblem, type TraitProblem } from "#lib/traits/scenario.ts";

const SHOWN = 100;

/** What cannot be taken, each with its file and line. */
export function ProblemList({ problems }: { problems: readonly TraitProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <div className="rounded-lg border border-warn/40 p-3 text-sm">
      <p className="font-medium text-warn">
        {whole(problems.length)} {problems.length === 1 ? "problem" : "problems"}: what is named is left out
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="mt-1 max-h-40 overflow-y-auto" tabIndex={0} aria-label="Problems, scrollable">
        <ul className="space-y-0.5 font-mono text-xs">
          {problems.slice(0, SHOWN).map((problem, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
            <li key={at} className="break-words">
              {formatProblem(problem)}
            </li>
          ))}
          {problems.length > SHOWN && <li>… and {whole(problems.length - SHOWN)} more</li>}
        </ul>
      </section>
    </div>
  );
}
