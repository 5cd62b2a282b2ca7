import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { Empty } from "#components/ui/empty.tsx";

/** A results page before there are any: what brings them, and the way there. */
export function NoResults({
  experiment,
  title,
  children,
}: {
  experiment: string;
  title: string;
  children: ReactNode;
}) {
  return (
    <Empty
      title={title}
      action={
        <Button asChild look="primary">
          <Link href={`/experiments/${experiment}`}>To the experiment</Link>
        </Button>
      }
    >
      {children}
    </Empty>
  );
}
