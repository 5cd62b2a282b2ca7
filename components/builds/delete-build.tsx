"use client";
import dynamic from "next/dynamic";
import { type MouseEvent, type ReactNode, useState } from "react";
import type { BuildSnapshot } from "#lib/builds/api.ts";

/** Loaded when it is first asked for. */
const DeleteDialog = dynamic(() => import("./delete-dialog.tsx").then((module) => module.DeleteDialog));

interface DeleteBuildProps extends Pick<BuildSnapshot, "kind" | "name"> {
  /** The control that asks. */
  trigger(ask: (event: MouseEvent<HTMLElement>) => void): ReactNode;
  /** It is in the bin: whoever shows it should stop. */
  onDeleted?(): void;
}

/** A control that deletes a build, after a question. */
export function DeleteBuild({ kind, name, trigger, onDeleted }: DeleteBuildProps) {
  const [opener, setOpener] = useState<HTMLElement | null>(null);
  return (
    <>
      {trigger((event) => setOpener(event.currentTarget))}
      {opener && <DeleteDialog {...{ kind, name, onDeleted, opener }} onClose={() => setOpener(null)} />}
    </>
  );
}
