"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { Empty, ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import type { Steerables } from "#lib/chat/api.ts";
import { useSteerables } from "#lib/client/chat/queries.ts";
import { messageOf } from "#lib/client/request.ts";

interface WithSteerablesProps {
  /** What a vector would be good for here: `its vectors can then be tried here, on any text`. */
  purpose: string;
  children(all: Steerables): ReactNode;
}

/** A page that needs vectors: shown once they are known, and the way to the first where there is none. */
export function WithSteerables({ purpose, children }: WithSteerablesProps) {
  const { data, error, isPending, refetch } = useSteerables();
  if (isPending) return <Skeleton lines={8} />;
  if (error) {
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  if (data.experiments.length > 0) return children(data);
  return (
    <Empty
      title="No vectors yet"
      action={
        <Button asChild look="primary">
          <Link href="/experiments/sample">Open the sample experiment</Link>
        </Button>
      }
    >
      Run an experiment up to Extract: {purpose}.
    </Empty>
  );
}
