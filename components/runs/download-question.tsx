import { Button } from "#components/ui/button.tsx";
import type { Download, DownloadSource } from "#lib/browser/asking-engines.ts";
import { size } from "#lib/browser/device-fit.ts";

interface DownloadQuestionProps extends Download {
  /** What needs the model: `This run`. */
  what: string;
  answer(source: DownloadSource): void;
  /** The other answer. */
  stop: string;
  onStop(): void;
}

const sourceNames = { server: "this server", hub: "the Hugging Face Hub" };

/** Nothing large is fetched unasked: how much, and where from. */
export function DownloadQuestion({ modelId, bytes, what, answer, stop, onStop }: DownloadQuestionProps) {
  const sources = (["server", "hub"] as const).filter((source) => bytes[source] !== undefined);
  return (
    <div className="grid gap-3">
      <p role="status" className="text-sm">
        {what} needs model <span className="font-medium break-all">{modelId}</span>, which this browser does
        not keep yet.
      </p>
      <div className="flex flex-wrap gap-2">
        {sources.map((source) => (
          <Button
            key={source}
            look={source === "server" ? "primary" : "secondary"}
            onClick={() => answer(source)}
          >
            Download {size(bytes[source] ?? 0)} from {sourceNames[source]}
          </Button>
        ))}
        <Button onClick={onStop}>{stop}</Button>
      </div>
    </div>
  );
}
