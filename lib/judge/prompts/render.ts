import { AppError } from "#lib/core/errors.ts";
import type { ChatMessage, JudgeItem, JudgeMethod, PromptSet } from "../contract.ts";
import { promptSets } from "./catalogue.ts";

/** Longer texts are cut; the judgement says so. Characters are UTF-16 code units; no surrogate pair is split. */
export const maxTextCharacters = 2_000;

/** What of an item the judge will see. */
export interface PreparedText {
  text: string;
  question: string | undefined;
  truncated: boolean;
}

/** Trims, takes the first words where asked to, and cuts to `maxTextCharacters`. */
export function prepareText(item: JudgeItem): PreparedText {
  const words = item.firstWords === undefined ? item.text : takeWords(item.text, item.firstWords);
  const text = cut(words.trim());
  const question = item.question === undefined ? undefined : cut(item.question.trim());
  return { text: text.value, question: question?.value, truncated: text.cut || (question?.cut ?? false) };
}

function takeWords(text: string, count: number): string {
  return text.trim().split(/\s+/u).slice(0, count).join(" ");
}

function cut(text: string): { value: string; cut: boolean } {
  // A lone surrogate is not Unicode text: some servers refuse the whole request for one.
  if (text.length <= maxTextCharacters) return { value: text.toWellFormed(), cut: false };
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(maxTextCharacters - 1));
  return { value: text.slice(0, maxTextCharacters - (splitsPair ? 1 : 0)).toWellFormed(), cut: true };
}

/**
 * Makes a text unable to close its fence or to pass for a chat template's control token (`</text>`, `<|im_end|>`,
 * `<start_of_turn>`, `[/INST]`): servers read such tokens inside a message, too. What looks like a tag is shown with `&lt;`.
 */
export function escapeFences(text: string): string {
  return text.replace(/<(?=[\s/|｜!]*[a-z_])/giu, "&lt;").replace(/\[(?=\/?\s*inst\s*\])/giu, "&#91;");
}

/** Replaces every `{name}` that is known in one pass: what is put in is never searched again. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

type PromptName = "scenario" | "response" | "answer" | "coherence" | "relevance";

/** `standard-1@1a2b3c4d`: the set and the short hash of all its files. */
export function promptVersion(set: PromptSet): string {
  return promptSets[set].version;
}

/** The messages of one call. `method` chooses the form of the reply; `builtin-1` knows only its own. */
export function renderPrompt(
  set: PromptSet,
  prompt: PromptName,
  item: JudgeItem,
  prepared: PreparedText,
  method: JudgeMethod,
): ChatMessage[] {
  const question = escapeFences(prepared.question ?? "");
  const text = escapeFences(prepared.text);
  const trait = item.trait;
  if (set === "builtin-1") {
    const template: string = promptSets["builtin-1"].prompts[prompt];
    return [{ role: "user", content: fill(template, { trait, question, text }) }];
  }
  const { prompts } = promptSets["standard-1"];
  const reply = method === "json" ? prompts["reply-json"] : prompts["reply-number"];
  const definition = escapeFences(item.definition.trim());
  const own = prompt === "answer" ? item.evalPrompt : undefined;
  const content =
    own === undefined
      ? fill(prompts[prompt], { trait, definition, question, text, reply })
      : fill(prompts.eval, { evaluation: fillEvalPrompt(own, question, text), reply });
  return [
    { role: "system", content: prompts.system },
    { role: "user", content },
  ];
}

/** steering.json's `eval_prompt`: the user's own words, with the question and the answer fenced. */
function fillEvalPrompt(evalPrompt: string, question: string, text: string): string {
  if (!evalPrompt.includes("{answer}")) {
    throw new AppError(
      "invalid-input",
      "eval_prompt in steering.json has no {answer}: the judge would never see the text; write {answer} (and {question}) where they belong",
    );
  }
  return fill(evalPrompt, {
    question: `<question>${question}</question>`,
    answer: `<text>${text}</text>`,
  });
}

/** The message of the probe that shows how the judge's tokenizer writes numbers. */
export function probeMessages(): ChatMessage[] {
  return [{ role: "user", content: promptSets["standard-1"].prompts.probe }];
}
