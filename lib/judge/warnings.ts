import type { JudgeTransport } from "./contract.ts";

export interface JudgeWarning {
  code: "judge-is-generator" | "judge-is-builtin" | "price-unknown";
  message: string;
}

/**
 * What a reader of judged figures must know, beside every one of them.
 * @param generators ids of the models whose texts are judged
 */
export function judgeWarnings(
  transport: Pick<JudgeTransport, "model" | "promptSet" | "price">,
  generators: readonly string[],
): JudgeWarning[] {
  const { model, promptSet, price } = transport;
  const warnings: JudgeWarning[] = [];
  if (generators.some((generator) => sameModel(generator, model))) {
    warnings.push({
      code: "judge-is-generator",
      message: `${model} judges texts that it wrote itself: models rate their own texts too kindly, so check with another judge (--judge URL)`,
    });
  }
  if (promptSet === "builtin-1") {
    warnings.push({
      code: "judge-is-builtin",
      message: `the built-in judge ${model} is a very small model that knows only its own made-up world; its scores mean nothing outside it`,
    });
  }
  if (!price) {
    warnings.push({
      code: "price-unknown",
      message: `the price of judge model ${model} is not known: costs are not shown and cannot be capped`,
    });
  }
  return warnings;
}

/** `Qwen/Qwen3-4B-Instruct` and `qwen3-4b-instruct` are one model at two addresses: the last part decides. */
function sameModel(a: string, b: string): boolean {
  const name = (id: string) => id.toLowerCase().split("/").at(-1);
  return name(a) === name(b);
}
