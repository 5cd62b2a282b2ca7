import { type Lint, onLine } from "../finding.ts";

// At the beginning of a sentence, so that a story in which somebody was told to act as a witness stays a story.
const START = String.raw`(?:^|[.!?:;]["”’)]*\s+)["“(]?(?:please\s+|now,?\s+|always\s+|from now on,?\s+)?`;
const INSTRUCTION = [
  String.raw`(?:let['’]s\s+)?pretend\s+(?:you|to be|that you|i|we)\b`,
  String.raw`imagine\s+(?:you(?:['’]re| are)|that you are|being)\b`,
  String.raw`act\s+(?:as|like)\b`,
  String.raw`role-?\s?play\b`,
  String.raw`(?:respond|reply|answer|write|talk|speak|behave)\s+(?:as|like)\s+(?:if\b|an?\b|though\b|someone\b)`,
  String.raw`(?:respond|reply|answer|talk|speak|behave)\s+(?:only\s+)?(?:in\s+an?|with)\s+[\p{L}-]+(?:\s+[\p{L}-]+)?\s+(?:way|manner|tone|style|voice|language)\b`,
  String.raw`(?:respond|reply|answer|talk|speak|behave)\s+(?!\p{L}+ly\s+(?:came|come)\b)\p{L}+ly\b(?=\s*[.,:;!]|$)`,
  String.raw`you\s+(?:are|will be|must be|['’]re)\s+(?:now\s+)?(?:an?|the)\s+(?:[\p{L}-]+,?\s+){0,4}(?:assistant|ai|model|chatbot|bot|language model|expert|agent|persona|character)\b`,
  String.raw`your\s+(?:task|job|role|goal|instructions?)\s+(?:is|are)\b`,
  String.raw`(?:ignore|forget|disregard)\s+(?:all\s+|any\s+|your\s+|the\s+)*(?:previous|prior|above|earlier)\b`,
  String.raw`(?:be|stay|remain)\s+(?:very |as |more |extremely )?\p{L}+\s+(?:in|when|while)\s+(?:your\s+|you\s+)?(?:answer|respon|reply)\p{L}*\b`,
  String.raw`use\s+(?:an?\s+)?[\p{L}-]+\s+(?:tone|style|voice|language)\b`,
].join("|");
const LEAK = new RegExp(`${START}(${INSTRUCTION})`, "iu");
// Wherever it stands: nobody says this in a story.
const ANYWHERE =
  /\bas an ai(?: language)?(?: model| assistant)?\b|\[\/?INST\]|<\|(?:im_start|system|user|assistant)\|?>?/iu;

/** The line instructs the model to show the trait, where it should lead a model into showing it. */
export const instructionLeakage: Lint = {
  id: "instruction-leakage",
  line(line) {
    const match = LEAK.exec(line.text) ?? ANYWHERE.exec(line.text);
    if (!match) return [];
    const words = match[1] ?? match[0];
    const start = match.index + match[0].length - words.length;
    return [
      onLine(line, {
        severity: "warning",
        message: `"${words}" instructs the model: the vector may learn following that instruction instead of the trait`,
        remedy:
          "tell a situation in which the speaker shows the trait unasked, or put the instruction into a system prompt",
        range: { start, end: start + words.length },
      }),
    ];
  },
};
