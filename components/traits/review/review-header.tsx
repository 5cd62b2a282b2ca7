"use client";
import { Redo2, Undo2 } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { SaveStatus } from "../editor/save-status.tsx";
import type { ReviewModel } from "./use-review-model.ts";

interface ReviewHeaderProps {
  trait: string;
  model: Pick<ReviewModel, "draft" | "verdicts" | "history">;
  onUndo(): void;
  onRedo(): void;
  children: ReactNode;
}

/** What is reviewed, whether it is saved, and the way back. */
export function ReviewHeader({ trait, model, onUndo, onRedo, children }: ReviewHeaderProps) {
  const { draft, verdicts, history } = model;
  return (
    <header className="flex flex-wrap items-end justify-between gap-3">
      <h1 className="font-semibold text-2xl">
        <Link href="/traits" className="text-accent underline underline-offset-4">
          Traits
        </Link>{" "}
        ·{" "}
        <Link href={`/traits/${trait}`} className="break-all text-accent underline underline-offset-4">
          {trait}
        </Link>{" "}
        · Review
      </h1>
      <div className="flex flex-wrap items-center gap-2">
        <SaveStatus state={draft.state} onRetry={() => void draft.flush()} />
        {verdicts.state.kind !== "saved" && (
          <span className="flex items-center gap-1 text-sm">
            Verdicts: <SaveStatus state={verdicts.state} onRetry={() => void verdicts.flush()} />
          </span>
        )}
        <Button disabled={history.undoes === null} onClick={onUndo}>
          <Undo2 size={16} aria-hidden /> Undo{history.undoes && `: ${history.undoes}`}
        </Button>
        <Button disabled={history.redoes === null} onClick={onRedo}>
          <Redo2 size={16} aria-hidden /> Redo{history.redoes && `: ${history.redoes}`}
        </Button>
        {children}
      </div>
    </header>
  );
}
