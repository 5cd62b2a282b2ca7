"use client";
import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { Empty, ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import { traitsApi, useTraits } from "#lib/client/trait-queries.ts";
import { ImportTraits } from "./import-traits.tsx";
import { NameDialog } from "./name-dialog.tsx";
import { TraitBin } from "./trait-bin.tsx";
import { TraitTable } from "./trait-table.tsx";

/** Every trait there is, with the ways to make, name and remove one. */
export function TraitList() {
  return (
    <div className="space-y-5">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="font-semibold text-2xl">Traits</h1>
          <p className="max-w-prose text-muted">
            A trait is a behaviour written as pairs: scenarios in which the model is about to show it, beside
            ones in which it is about to show the opposite.
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <ImportTraits />
          <NewTrait>
            <Button look="primary">
              <Plus size={16} aria-hidden /> New trait
            </Button>
          </NewTrait>
        </div>
      </header>
      <Traits />
      <TraitBin />
    </div>
  );
}

function Traits() {
  const { data, error, isPending, refetch } = useTraits();
  if (isPending) return <Skeleton lines={6} />;
  if (error) {
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  if (data.length > 0) return <TraitTable traits={data} />;
  return (
    <Empty
      title="No traits yet"
      action={
        <>
          <NewTrait>
            <Button look="primary">Write a trait</Button>
          </NewTrait>
          <Button asChild>
            <Link href="/">To the sample experiment</Link>
          </Button>
        </>
      }
    >
      <p>
        Take one situation and end it twice, each time just before the behaviour shows. For kindness:
        <br />+ <i>My neighbour's bag had torn in the rain, so I took off my coat and</i>
        <br />− <i>My neighbour's bag had torn in the rain, so I looked the other way and</i>
      </p>
      <p className="mt-2">15 such pairs are enough to vet, 100 to ship.</p>
    </Empty>
  );
}

function NewTrait({ children }: { children: ReactNode }) {
  const router = useRouter();
  const client = useQueryClient();
  return (
    <NameDialog
      trigger={children}
      title="New trait"
      description="A folder of text files under datasets/traits; a category groups traits that belong together."
      name=""
      action="Create"
      onName={async (trait) => {
        await traitsApi.create({ trait });
        void client.invalidateQueries({ queryKey: ["traits"] });
        router.push(`/traits/${trait}`);
      }}
    />
  );
}
