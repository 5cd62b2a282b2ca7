"use client";
import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { Empty, ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { useSteerables } from "#lib/client/chat/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import { Chat } from "./chat.tsx";

/** Baseline and steered answers side by side, as the vectors' strengths are moved. */
export function SteerView() {
  const { data, error, isPending, refetch } = useSteerables();
  if (isPending) return <Skeleton lines={8} />;
  if (error) {
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  if (data.experiments.length === 0) {
    return (
      <Empty
        title="No vectors to steer with yet"
        action={
          <Button asChild look="primary">
            <Link href="/experiments/sample">Open the sample experiment</Link>
          </Button>
        }
      >
        Run an experiment up to Extract: its vectors can then be tried here, on any text.
      </Empty>
    );
  }
  return <Chat all={data} />;
}
