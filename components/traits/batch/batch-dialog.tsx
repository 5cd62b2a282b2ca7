"use client";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Dialog } from "#components/ui/dialog.tsx";
import { type BatchRequest, type DraftPair, maxPairs } from "#lib/authoring/api.ts";
import { writeBatch } from "#lib/client/authoring-api.ts";
import { messageOf } from "#lib/client/request.ts";
import { rememberWriter, useWriter } from "#lib/client/writer.ts";
import type { TraitTexts } from "#lib/traits/document.ts";
import { BatchForm, BatchWork } from "./batch-form.tsx";
import { PairChoice } from "./pair-choice.tsx";

interface BatchDialogProps {
  /** `category/trait` */
  trait: string;
  open: boolean;
  onOpenChange(open: boolean): void;
  /** The trait as the editor has it now. */
  texts(): TraitTexts;
  /** Takes the accepted pairs, at least one. */
  onAdd(pairs: DraftPair[]): void;
  /** Takes the focus back. */
  onReturn(): void;
}

/** Pairs by a language model, to accept one by one. What it wrote stays until it is accepted or asked for anew. */
export function BatchDialog({ trait, open, onOpenChange, texts, onAdd, onReturn }: BatchDialogProps) {
  const [writer, setWriter] = useWriter();
  const [count, setCount] = useState("16");
  const [wish, setWish] = useState("");
  const controller = useRef<AbortController>(null);
  const { mutate, data, error, isPending, variables, reset } = useMutation({
    mutationFn: (body: BatchRequest) => {
      controller.current = new AbortController();
      return writeBatch(trait, body, { signal: controller.current.signal });
    },
    onSuccess: (_answer, body) => rememberWriter(body.writer),
  });
  const stop = () => {
    controller.current?.abort();
    reset();
  };
  const close = (next: boolean) => {
    if (!next && isPending) stop();
    onOpenChange(next);
  };
  return (
    <Dialog
      title="Generate a batch"
      description="A language model writes pairs from the definition and the lines that are there. Nothing is added until you accept it."
      open={open}
      onOpenChange={close}
      onReturn={onReturn}
      wide
    >
      {isPending ? (
        <BatchWork model={variables.writer.model} count={variables.count ?? 0} onCancel={stop} />
      ) : data ? (
        <PairChoice
          trait={trait}
          batch={data}
          texts={texts}
          onAgain={reset}
          onAdd={(pairs) => {
            onAdd(pairs);
            reset();
            onOpenChange(false);
          }}
        />
      ) : (
        <BatchForm
          {...{ writer, count, wish }}
          error={error ? messageOf(error) : null}
          onWriter={setWriter}
          onCount={setCount}
          onWish={setWish}
          onSubmit={() =>
            mutate({
              writer,
              wish,
              count: Math.min(Math.max(Math.round(Number(count)) || 1, 1), maxPairs),
              texts: texts(),
              // Asked again, it is to write something else.
              seed: Math.floor(Math.random() * 2 ** 31),
            })
          }
        />
      )}
    </Dialog>
  );
}
