import type { ProjectedRow } from "#lib/chat/api.ts";
import type { SteeringChoice, VectorName } from "#lib/chat/steering-choice.ts";
import type { ChatMessage, Component, FinishReason } from "#lib/engine/contract.ts";

/** One side of a turn: what a model is asked, steered or not. */
export interface Side {
  messages: ChatMessage[];
  steering: SteeringChoice | null;
}

export interface Turn {
  model: string;
  /** The texts as they are, without a chat template. */
  raw: boolean;
  sides: Side[];
  maxTokens: number;
  /** 0 is greedy. */
  temperature: number;
  seed: number;
}

export interface SideAnswer {
  text: string;
  finish: FinishReason;
  promptTokens: number[];
  responseTokens: number[];
}

/** A vector with the component whose states are projected on it. */
export interface ReadVector extends VectorName {
  component: Component;
}

/** Where a chat's model runs: this browser or the server. */
export interface ChatBackend {
  /** Answers every side of a turn; `onText` tells pieces as they come. Throws AppError, `aborted` with the signal. */
  answer(
    turn: Turn,
    onText: (side: number, text: string) => void,
    signal: AbortSignal,
  ): Promise<SideAnswer[]>;
  /** Each answer's tokens with their projections, as the unsteered model reads them. */
  project(
    model: string,
    vectors: ReadVector[],
    answers: SideAnswer[],
    signal: AbortSignal,
  ): Promise<ProjectedRow[]>;
}
