import { whole } from "#components/format.ts";
import { type Choice, choiceKey, type MergePart } from "./merge-form.ts";

interface MergeViewProps {
  parts: readonly MergePart[];
  choices: ReadonlyMap<string, Choice>;
  onChoose(key: string, choice: Choice): void;
}

type Line = readonly string[];

/** The merged text; where both changed the same lines, the two to choose from. */
export function MergeView({ parts, choices, onChoose }: MergeViewProps) {
  return (
    <div className="space-y-5">
      {parts
        .filter(({ regions }) => regions.length > 0)
        .map(({ part, regions }) => (
          <section key={part}>
            <h3 className="mb-1 font-semibold text-sm capitalize">{part}</h3>
            <div className="space-y-2">
              {regions.map((region, at) => {
                const key = choiceKey(part, at);
                return region.kind === "agreed" ? (
                  <Agreed key={key} lines={region.lines} />
                ) : (
                  <Conflict
                    key={key}
                    name={key}
                    mine={region.mine}
                    theirs={region.theirs}
                    choice={choices.get(key)}
                    onChoose={(choice) => onChoose(key, choice)}
                  />
                );
              })}
            </div>
          </section>
        ))}
    </div>
  );
}

const SHOWN = 3;

/** Lines without a question; of many only the first few. */
function Agreed({ lines }: { lines: readonly Line[] }) {
  return (
    <div className="rounded-md border border-transparent px-2 text-muted">
      <Lines lines={lines.slice(0, SHOWN)} />
      {lines.length > SHOWN && (
        <details>
          <summary className="text-xs">{whole(lines.length - SHOWN)} more without conflict</summary>
          <Lines lines={lines.slice(SHOWN, SHOWN + 500)} />
        </details>
      )}
    </div>
  );
}

interface ConflictProps {
  name: string;
  mine: readonly Line[];
  theirs: readonly Line[];
  choice: Choice | undefined;
  onChoose(choice: Choice): void;
}

function Conflict({ name, mine, theirs, choice, onChoose }: ConflictProps) {
  const options = [
    ["mine", "Mine", mine],
    ["theirs", "On disk", theirs],
    ["both", "Both, mine first", null],
  ] as const;
  return (
    <fieldset className="rounded-md border border-warn/60 p-2">
      <legend className="px-1 text-warn text-xs">Both changed this</legend>
      {options.map(([value, label, lines]) => (
        <label key={value} className="flex items-start gap-2 rounded p-1 text-sm has-checked:bg-raised">
          <input
            type="radio"
            name={name}
            className="mt-1 accent-accent"
            checked={choice === value}
            onChange={() => onChoose(value)}
          />
          <span className="min-w-0 flex-1">
            <span className="text-muted text-xs">{label}</span>
            {lines && (lines.length > 0 ? <Lines lines={lines} /> : <em className="block">deleted</em>)}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Lines({ lines }: { lines: readonly Line[] }) {
  return lines.map((line, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change places
    <span key={at} className="grid gap-x-4 font-mono text-xs sm:auto-cols-fr sm:grid-flow-col">
      {line.map((text, side) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the side is the key
        <span key={side} className="min-w-0 whitespace-pre-wrap break-words">
          {line.length > 1 && <span className="text-muted">{side === 0 ? "+ " : "− "}</span>}
          {text}
        </span>
      ))}
    </span>
  ));
}
