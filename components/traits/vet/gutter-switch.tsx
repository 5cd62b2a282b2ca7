import { vettingKinds } from "#lib/pipeline/human-labels.ts";
import { vetKinds } from "./kinds.ts";
import type { Vet } from "./use-vet.ts";

/** Which scores stand beside the lines, where there are two of each. */
export function GutterSwitch({ gutter }: { gutter: Vet["gutter"] }) {
  if (!gutter.both) return null;
  return (
    <div role="toolbar" aria-label="Scores beside the lines" className="flex items-center gap-1 text-xs">
      <span className="text-muted">Scores of</span>
      {vettingKinds.map((kind) => (
        <button
          key={kind}
          type="button"
          aria-pressed={kind === gutter.kind}
          onClick={() => gutter.show(kind)}
          className="rounded-full border px-2.5 py-0.5 hover:bg-raised aria-pressed:border-accent aria-pressed:text-accent"
        >
          {vetKinds[kind].texts}
        </button>
      ))}
    </div>
  );
}
