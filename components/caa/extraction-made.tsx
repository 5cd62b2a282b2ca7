import Link from "next/link";
import type { ExtractionMade } from "#lib/caa/api.ts";

/** What was made, and where it goes on. */
export function ExtractionMadeNote({ made }: { made: ExtractionMade }) {
  return (
    <p role="status" className="text-sm">
      Trait{" "}
      <Link href={`/traits/${made.trait}`} className="text-accent underline underline-offset-2">
        {made.trait}
      </Link>{" "}
      has {made.pairs} pairs, read at <code>{made.position}</code>, and {made.questions} questions to steer
      by. Run it in the experiment{" "}
      <Link href={`/experiments/${made.experiment}`} className="text-accent underline underline-offset-2">
        {made.experiment}
      </Link>
      .
    </p>
  );
}
