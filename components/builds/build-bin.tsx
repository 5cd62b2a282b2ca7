"use client";
import dynamic from "next/dynamic";
import { toast } from "sonner";
import { ErrorNote } from "#components/ui/empty.tsx";
import type { BuildKindName } from "#lib/builds/api.ts";
import { useBuildBin, useRestoreBuild } from "#lib/client/build-bin.ts";
import { messageOf } from "#lib/client/request.ts";

/** Loaded once there is something in it. */
const Bin = dynamic(() => import("#components/ui/bin.tsx").then((module) => module.Bin));

/** Deleted builds of a kind, to be taken back. */
export function BuildBin({ kind }: { kind: BuildKindName }) {
  const { data, error } = useBuildBin(kind);
  const { mutateAsync } = useRestoreBuild(kind);
  if (error) return <ErrorNote message={messageOf(error)} />;
  if (!data || data.deleted.length === 0) return null;
  const restore = async (id: string, to?: string) => {
    const { name } = await mutateAsync({ id, to });
    toast.success(`${name} is back.`);
  };
  return (
    <Bin
      deleted={data.deleted}
      hint="of its folder, with a-z, 0-9, _ and -; for example towns-2"
      onRestore={restore}
    />
  );
}
