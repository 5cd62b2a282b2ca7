"use client";
import { RunCard } from "#components/runs/run-card.tsx";
import type { RunState } from "#lib/pipeline/api.ts";
import type { RunEvent } from "#lib/pipeline/events.ts";
import { RefusalLink, type RefusalLinkProps } from "./refusal-link.tsx";

interface VetRunProps extends Omit<RefusalLinkProps, "message"> {
  runId: string;
  trait: string;
  onEvent(event: RunEvent): void;
  onState(state: RunState): void;
  onHide(): void;
}

/** The run that vets this trait, as it goes. */
export function VetRun({ runId, trait, onEvent, onState, onHide, ...refusal }: VetRunProps) {
  return (
    <RunCard
      title="Vetting run"
      {...{ runId, trait, onEvent, onState, onHide }}
      remedy={(message) => <RefusalLink message={message} {...refusal} />}
    />
  );
}
