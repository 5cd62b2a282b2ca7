"use client";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useVectorDetail } from "#lib/client/vector-queries.ts";
import { CellCharts } from "./cell-charts.tsx";
import { CombineCard } from "./combine-card.tsx";
import { CompareCard } from "./compare-card.tsx";
import { CosineCard } from "./cosine-card.tsx";
import { ImportCard } from "./import-card.tsx";
import type { Metric } from "./metrics.ts";
import { ModelDiffCard } from "./model-diff/model-diff-card.tsx";
import { TakeAway } from "./take-away.tsx";
import { TokenCard } from "./token-card.tsx";
import { VectorDetail, type VectorDetailProps } from "./vector-detail.tsx";

interface CellProps extends Omit<VectorDetailProps, "detail"> {
  experiment: string;
  metric: Metric;
  /** New vectors stand beside the trait's others. */
  onMade(method: string): void;
}

/** All there is about the chosen vector, and what can be done with it. */
export function Cell({ experiment, metric, onMade, ...figures }: CellProps) {
  const { row } = figures;
  const { trait, method, layer, position, component } = row;
  const query = new URLSearchParams({ trait, method, layer: String(layer), position, component });
  const { data, error } = useVectorDetail(experiment, query);
  const fileName = `${experiment}-${trait.replace("/", "-")}-${method.replace(":", "_")}-layer${layer}`;
  return (
    <>
      <VectorDetail {...figures} detail={data} />
      {error && <ErrorNote message={messageOf(error)} />}
      {data && <CellCharts detail={data} fileName={fileName} />}
      {!data && !error && <Skeleton lines={8} />}
      <TokenCard {...{ experiment, query, trait, layer }} />
      <CosineCard experiment={experiment} row={row} />
      <CompareCard experiment={experiment} row={row} metric={metric} />
      <ModelDiffCard {...{ experiment, trait, method, layer }} />
      <TakeAway {...{ experiment, trait, method, layer }} />
      {data && (
        <CombineCard key={`${trait} ${method}`} {...{ experiment, row, onMade }} hidden={data.hidden} />
      )}
      <ImportCard {...{ experiment, trait, onMade }} />
    </>
  );
}
