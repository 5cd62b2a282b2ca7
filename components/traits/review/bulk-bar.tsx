"use client";
import { whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";

interface BulkBarProps {
  /** Vetted items that are meant: the chosen ones, or all that the list shows. */
  count: number;
  chosen: boolean;
  /** Of them, those with a verdict of the person's own. */
  labelled: number;
  failing: number;
  /** Suggestions that wait at them. */
  suggested: number;
  progress: { done: number; total: number } | null;
  onVerdict(verdict: "pass" | "fail" | null): void;
  onSuggest(): void;
  onCancel(): void;
  onAcceptSuggestions(): void;
}

/** What is done to many at once; each button says to how many, and one undo takes it back. */
export function BulkBar(props: BulkBarProps) {
  const { count, chosen, labelled, failing, suggested, progress } = props;
  const which = (of: number) => (chosen ? `${whole(of)} chosen` : `all ${whole(of)} shown`);
  return (
    <div role="toolbar" aria-label="Many at once" className="flex flex-wrap gap-2">
      <Button disabled={count === 0} onClick={() => props.onVerdict("pass")}>
        Accept {which(count)}
      </Button>
      <Button disabled={count === 0} onClick={() => props.onVerdict("fail")}>
        Reject {which(count)}
      </Button>
      {labelled > 0 && (
        <Button onClick={() => props.onVerdict(null)}>
          Clear {whole(labelled)} of your {labelled === 1 ? "verdict" : "verdicts"}
        </Button>
      )}
      {suggested > 0 && (
        <Button look="primary" onClick={props.onAcceptSuggestions}>
          Accept {whole(suggested)} {suggested === 1 ? "suggestion" : "suggestions"}
        </Button>
      )}
      {progress ? (
        <span className="flex items-center gap-2 text-sm">
          <span role="status">
            Suggested {whole(progress.done)} of {whole(progress.total)}
          </span>
          <Button onClick={props.onCancel}>Cancel</Button>
        </span>
      ) : (
        failing > 0 && (
          <Button onClick={props.onSuggest}>
            Suggest for {chosen ? which(failing) : `all ${whole(failing)} failing`}
          </Button>
        )
      )}
    </div>
  );
}
