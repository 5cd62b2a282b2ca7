import { percent, whole } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { caaLayouts } from "#lib/caa/layouts/names.ts";
import type { DatasetSummary } from "#lib/caa/records.ts";
import { convertedPath } from "#lib/client/caa.ts";

interface DatasetCardProps {
  build: string;
  dataset: DatasetSummary;
}

/** What a dataset came to: samples, what was left out and why, and how evenly the positive option stands first. */
export function DatasetCard({ build, dataset }: DatasetCardProps) {
  const { personality, samples, rejected, failed, balance, settings, file } = dataset;
  const leftOut = Object.entries(rejected).sort(([, a], [, b]) => b - a);
  const all = leftOut.reduce((sum, [, count]) => sum + count, 0);
  // An interval around one half is what chance gives.
  const even = balance.interval === null || (balance.interval[0] <= 0.5 && balance.interval[1] >= 0.5);
  const facts = [
    ["Samples", whole(samples)],
    ["Left out", whole(all)],
    ["Failed, asked again by the next start", whole(failed)],
    ["Positive option first", <Share key="share" balance={balance} />],
  ] as const;
  return (
    <Card
      title={personality || file}
      hint={
        settings && `${settings.models.join(", ")} · prompts ${settings.prompts} · ${settings.source.dataset}`
      }
      actions={<Badge tone={even ? "good" : "warn"}>{even ? "✓ balanced" : "! unbalanced"}</Badge>}
    >
      <Facts facts={facts} className="grid-cols-2 gap-3 sm:grid-cols-4" />
      {leftOut.length > 0 && (
        <p className="mt-3 text-sm">
          Left out: {leftOut.map(([reason, count]) => `${reason} ${whole(count)}`).join(", ")}
        </p>
      )}
      {samples > 0 && (
        <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-sm">
          <span>Download as</span>
          {caaLayouts.map((layout) => (
            <a
              key={layout}
              href={convertedPath(build, file, layout)}
              download
              className="text-accent underline underline-offset-2"
            >
              {layout}
            </a>
          ))}
        </p>
      )}
    </Card>
  );
}

function Share({ balance: { share, interval, n } }: Pick<DatasetSummary, "balance">) {
  return (
    <>
      {percent(share)}{" "}
      {interval && (
        <span className="font-normal text-muted text-xs">
          95 % CI {percent(interval[0])} to {percent(interval[1])}, n = {whole(n)}
        </span>
      )}
    </>
  );
}
