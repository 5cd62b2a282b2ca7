import { useMemo } from "react";
import { ErrorNote } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import { readGiven } from "#lib/traits/import/given.ts";
import type { ImportFile } from "#lib/traits/import/source.ts";
import { PairsReview } from "./pairs-review.tsx";
import type { ImportTarget } from "./target.ts";
import { TraitsReview } from "./traits-review.tsx";

interface ImportReviewProps {
  files: readonly ImportFile[];
  target: ImportTarget;
  onDone(): void;
}

/** What the files are, and what would be taken from them. */
export function ImportReview({ files, target, onDone }: ImportReviewProps) {
  const given = useMemo(() => {
    try {
      return readGiven(files);
    } catch (error) {
      return { kind: "failed" as const, message: messageOf(error) };
    }
  }, [files]);
  if (given.kind === "failed") return <ErrorNote message={given.message} />;
  if (given.kind === "source") {
    return <PairsReview source={given.source} name={given.name} target={target} onDone={onDone} />;
  }
  if (target.kind === "new") return <TraitsReview given={given.traits} target={target} onDone={onDone} />;
  return (
    <ErrorNote
      message={`These are ${given.traits.length} traits: add one at a time here, or import them all on the page Traits.`}
    />
  );
}
