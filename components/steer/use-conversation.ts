import { useEffect, useRef, useState } from "react";
import type { SteeringChoice } from "#lib/chat/steering-choice.ts";
import type { ChatBackend, SideAnswer } from "#lib/client/chat/backend.ts";
import { messageOf } from "#lib/client/request.ts";
import type { ChatMessage } from "#lib/engine/contract.ts";

/** A question with the two answers to it: the baseline's, then the steered. */
export interface Exchange {
  id: number;
  text: string;
  answers: { text: string; done: SideAnswer | null }[];
  /** Why it has no whole answer. */
  problem: string | null;
}

export interface Asked {
  model: string;
  raw: boolean;
  steering: SteeringChoice | null;
  maxTokens: number;
  temperature: number;
  seed: number;
}

/** The conversation: each side goes on from its own answers. */
export function useConversation(open: () => Promise<ChatBackend>) {
  const [exchanges, setExchanges] = useState<Exchange[]>([]);
  const [busy, setBusy] = useState(false);
  const running = useRef<AbortController | null>(null);
  const nextId = useRef(1);
  useEffect(() => () => running.current?.abort(), []);

  const stop = () => running.current?.abort();

  const run = async (text: string, before: Exchange[], asked: Asked) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const id = nextId.current++;
    const told = ["", ""];
    const change = (part: Partial<Exchange>) => {
      if (running.current !== controller) return;
      setExchanges((now) =>
        now.map((exchange) => (exchange.id === id ? { ...exchange, ...part } : exchange)),
      );
    };
    setExchanges([
      ...before,
      { id, text, answers: told.map((piece) => ({ text: piece, done: null })), problem: null },
    ]);
    setBusy(true);
    const { steering, ...turn } = asked;
    const sides = [null, steering].map((choice, side) => ({
      messages: [...historyOf(before, side), { role: "user" as const, content: text }],
      steering: choice,
    }));
    try {
      const backend = await open();
      controller.signal.throwIfAborted();
      const answering = backend.answer(
        { ...turn, sides },
        (side, piece) => {
          told[side] += piece;
          change({ answers: told.map((text) => ({ text, done: null })) });
        },
        controller.signal,
      );
      // A model that is still being loaded does not hear the signal.
      const answers = await Promise.race([answering, aborted(controller.signal)]);
      change({ answers: answers.map((done) => ({ text: done.text, done })) });
    } catch (error) {
      change({ problem: controller.signal.aborted ? "Stopped." : messageOf(error) });
    } finally {
      if (running.current === controller) {
        running.current = null;
        setBusy(false);
      }
    }
  };

  return {
    exchanges,
    busy,
    stop,
    send: (text: string, asked: Asked) => run(text, exchanges, asked),
    /** The last question once more, as the settings are now. */
    regenerate: (asked: Asked) => {
      const last = exchanges.at(-1);
      return last ? run(last.text, exchanges.slice(0, -1), asked) : Promise.resolve();
    },
    clear: () => {
      stop();
      setExchanges([]);
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function historyOf(exchanges: readonly Exchange[], side: number): ChatMessage[] {
  return exchanges.flatMap(({ text, answers }) => [
    { role: "user" as const, content: text },
    { role: "assistant" as const, content: answers[side]?.text ?? "" },
  ]);
}
