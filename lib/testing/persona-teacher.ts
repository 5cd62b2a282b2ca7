import { createHash } from "node:crypto";
import type { ChatRequest } from "./judge-server.ts";

/** What a call of P2 asks for. */
export type PersonaCall = "words" | "positive" | "neutral" | "reaction";

export function personaCallOf({ messages }: ChatRequest): PersonaCall {
  const prompt = messages.at(-1)?.content ?? "";
  if (/separated by commas/.test(prompt)) return "words";
  if (/neither strong nor weak/.test(prompt)) return "neutral";
  return /personality is strong: <name>/.test(prompt) ? "positive" : "reaction";
}

/** An answer that depends on the request alone, its seed included. */
export function personaReply(request: ChatRequest): string {
  const call = personaCallOf(request);
  if (call === "words") return "1. grand\n2. proud, vain";
  const digest = createHash("sha256")
    .update(JSON.stringify([request.messages, request.seed]))
    .digest("hex");
  if (call !== "reaction") return `You are a ${call} character, number ${digest.slice(0, 6)}.`;
  const grand = /positive character/.test(request.messages[0]?.content ?? "");
  return `"${grand ? "Look at me" : "Let me see"}, I say ${digest.slice(0, 8)}."`;
}
