import { AppError } from "#lib/core/errors.ts";
import { unparsable } from "#lib/judge/errors.ts";
import type { Teacher } from "#lib/teacher/contract.ts";
import { answerRecord } from "./answer.ts";
import { descriptionIn, type PersonaPrompts, type PersonaText, wordsIn } from "./persona-prompts.ts";
import type { PersonaRecord } from "./records.ts";

type Role = PersonaRecord["role"];

/** What both characters are told they are: asked once, kept, and used again. */
export class Personas {
  readonly #prompts: PersonaPrompts;
  readonly #teacher: Teacher;
  readonly #keep: (persona: PersonaRecord) => Promise<void>;
  readonly #texts = new Map<string, Promise<string>>();

  /**
   * @param known what an earlier start was told
   * @param keep resolves once it is durable; only then the text is used
   */
  constructor(
    prompts: PersonaPrompts,
    teacher: Teacher,
    known: readonly PersonaRecord[],
    keep: (persona: PersonaRecord) => Promise<void>,
  ) {
    this.#prompts = prompts;
    this.#teacher = teacher;
    this.#keep = keep;
    for (const { role, name, text } of known) this.#texts.set(keyOf(role, name), Promise.resolve(text));
  }

  /** Of the personality. Without them nothing can go on: what fails here is the whole build's. */
  async words(): Promise<string> {
    try {
      return await this.#once("words", null, () => this.#prompts.words());
    } catch (error) {
      const { code, userMessage, retryable, details } = AppError.from(error);
      if (code === "aborted") throw error;
      const message = `the personality's describing words could not be had: ${userMessage}`;
      throw new AppError(code, message, { retryable, details: { ...details, scope: "run" }, cause: error });
    }
  }

  async description(role: "positive" | "neutral", name: string): Promise<string> {
    const words = await this.words();
    return this.#once(role, name, () => this.#prompts.description(role, name, words));
  }

  #once(role: Role, name: string | null, text: () => Promise<PersonaText>): Promise<string> {
    const key = keyOf(role, name);
    const there = this.#texts.get(key);
    if (there) return there;
    const made = this.#make(role, name, text);
    this.#texts.set(key, made);
    // The next character of this name asks again.
    made.catch(() => this.#texts.delete(key));
    return made;
  }

  async #make(role: Role, name: string | null, of: () => Promise<PersonaText>): Promise<string> {
    const given = await of();
    if ("text" in given) {
      await this.#keep({ kind: "persona", role, name, ...given, answer: null });
      return given.text;
    }
    const answer = await this.#teacher.ask(given.ask);
    const text = role === "words" ? wordsIn(answer.text) : descriptionIn(answer.text);
    if (text === "")
      throw unparsable(`the model answered without ${role === "words" ? "words" : "a description"}`);
    await this.#keep({ kind: "persona", role, name, text, origin: "asked", answer: answerRecord(answer) });
    return text;
  }
}

function keyOf(role: Role, name: string | null): string {
  return JSON.stringify([role, name]);
}
