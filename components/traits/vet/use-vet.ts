import { useQueryClient } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useEffect, useMemo, useState } from "react";
import { toast } from "sonner";
import { useStartRun, useVetting } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import type { RunRequest } from "#lib/pipeline/api.ts";
import { type VettingKind, vettingKinds } from "#lib/pipeline/human-labels.ts";
import { figuresOf, withLiveScores } from "#lib/pipeline/vetting-live.ts";
import { vettedLines } from "#lib/pipeline/vetting-view.ts";
import type { Trait } from "#lib/traits/api.ts";
import { useChosenExperiment } from "../use-chosen-experiment.ts";
import { vetKinds } from "./kinds.ts";
import { useRestedTexts } from "./use-rested-texts.ts";
import { useVettingRun } from "./use-vetting-run.ts";

interface VetOptions {
  /** As it is on disk. */
  saved: Trait;
  /** Saves what is typed. @returns false where that failed */
  flush(): Promise<boolean>;
  /** The Vet tab is shown: then there is always an experiment, if there is one at all. */
  shown: boolean;
}

/** What is known of a trait's lines in the chosen experiment, as it comes, and how to vet them. */
export function useVet({ saved, flush, shown }: VetOptions) {
  const { trait, version } = saved;
  const texts = useRestedTexts(saved, shown);
  const client = useQueryClient();
  const { experiment, choose, all: experiments } = useChosenExperiment(trait, shown);
  const files = useVetting(experiment, trait);
  const run = useVettingRun(experiment, trait);
  const { live, follow } = run;
  const vetting = useMemo(() => (files.data ? withLiveScores(files.data, live) : null), [files.data, live]);
  const lines = useMemo(() => {
    const nothing = !vetting?.scenarios && !vetting?.responses;
    return nothing && !shown ? [] : vettedLines(texts, vetting ?? { scenarios: null, responses: null });
  }, [texts, vetting, shown]);
  const figures = useMemo(
    () => ({ scenario: figuresOf(lines, "scenario"), response: figuresOf(lines, "response") }),
    [lines],
  );

  const [chosen, setShownKind] = useQueryState("scores", parseAsStringLiteral(vettingKinds));
  const has = (kind: VettingKind) => figures[kind].open < figures[kind].lines;
  const both = has("scenario") && has("response");
  const shownKind = both ? (chosen ?? "scenario") : has("response") ? "response" : "scenario";

  // A plan is of the files as they are.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version is what asks for it
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ["plan"] });
  }, [version, client]);

  const [judgeOpen, setJudgeOpen] = useState(false);
  const { mutateAsync: startRun } = useStartRun();
  const [starting, setStarting] = useState(false);
  const start = async (kind: VettingKind) => {
    if (experiment === null) return;
    setStarting(true);
    try {
      if (await flush()) follow((await startRun(requestOf(experiment, trait, kind))).run_id);
      else toast.error("What you typed last could not be saved: the run was not started.");
    } catch (error) {
      toast.error(messageOf(error));
    } finally {
      setStarting(false);
    }
  };

  return {
    trait,
    texts,
    experiment,
    setExperiment: (name: string) => void choose(name),
    experiments,
    files,
    vetting,
    lines,
    figures,
    run,
    start,
    starting,
    judgeOpen,
    setJudgeOpen,
    /** Which scores the gutter shows, where there are both. */
    gutter: { both, kind: shownKind, show: (kind: VettingKind) => void setShownKind(kind) },
  };
}

export type Vet = ReturnType<typeof useVet>;

export function requestOf(experiment: string, trait: string, kind: VettingKind): RunRequest {
  return { experiment, traits: [trait], stages: vetKinds[kind].stages, config: {} };
}
