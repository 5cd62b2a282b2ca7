"use client";
import { useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { whole } from "#components/format.ts";
import { Bin } from "#components/ui/bin.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import { traitsApi, useTraitBin } from "#lib/client/trait-queries.ts";
import { traitNameHint } from "./name-dialog.tsx";

/** Deleted traits, to be taken back. */
export function TraitBin() {
  const client = useQueryClient();
  const { data, error } = useTraitBin();
  if (error) return <ErrorNote message={messageOf(error)} />;
  if (!data) return null;
  const restore = async (id: string, to?: string) => {
    const name = await traitsApi.restoreDeleted(id, to);
    toast.success(`${name} is back.`);
    await Promise.all([
      client.invalidateQueries({ queryKey: ["traits"] }),
      client.invalidateQueries({ queryKey: ["trait-bin"] }),
    ]);
  };
  const deleted = data.map(({ trait, positives, negatives, ...rest }) => ({
    ...rest,
    name: trait,
    note: `${whole(positives)} + ${whole(negatives)} lines`,
  }));
  return <Bin deleted={deleted} hint={traitNameHint} onRestore={restore} />;
}
