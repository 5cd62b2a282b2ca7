import type { JudgeTransport, MeasuredAgreement } from "./contract.ts";

export interface JudgeWarning {
  code: "judge-is-generator" | "judge-is-builtin" | "agreement" | "price-unknown";
  message: string;
}

/**
 * What a reader of judged figures must know, beside every one of them.
 * @param generators ids of the models whose texts are judged
 * @param traits that are judged: `optimism`
 */
export function judgeWarnings(
  transport: Pick<JudgeTransport, "model" | "promptSet" | "price" | "agreement">,
  generators: readonly string[],
  traits: readonly string[] = [],
): JudgeWarning[] {
  const { model, promptSet, price, agreement } = transport;
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
  if (agreement !== undefined) {
    warnings.push({ code: "agreement", message: agreementNote(model, agreement, traits) });
  }
  if (!price) {
    warnings.push({
      code: "price-unknown",
      message: `the price of judge model ${model} is not known: costs are not shown and cannot be capped`,
    });
  }
  return warnings;
}

/** How far a model's scores can be trusted, by what was measured of it, trait by trait. */
export function agreementNote(
  model: string,
  agreement: Readonly<Record<string, MeasuredAgreement>> | null,
  traits: readonly string[],
): string {
  const measured = [...new Set([...traits, "coherence"])].flatMap((trait) => {
    const figures = agreement?.[trait];
    if (!figures) return [];
    const { spearman, auc, n } = figures;
    return [`${trait} Spearman ${spearman.toFixed(2)}, AUC ${auc.toFixed(2)} (${n} texts)`];
  });
  return measured.length === 0
    ? `judge ${model}: agreement not measured; compare its scores with your own labels`
    : `judge ${model}: measured agreement with the labels of texts it was not trained on: ${measured.join("; ")}`;
}

/** `Qwen/Qwen3-4B-Instruct` and `qwen3-4b-instruct` are one model at two addresses: the last part decides. */
function sameModel(a: string, b: string): boolean {
  const name = (id: string) => id.toLowerCase().split("/").at(-1);
  return name(a) === name(b);
}
