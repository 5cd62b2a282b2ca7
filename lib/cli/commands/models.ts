import { AppError } from "#lib/core/errors.ts";
import { instrumentFailure } from "#lib/onnx/index.ts";
import { addModel, listModels, removeModel } from "#lib/server/engine/installed-models.ts";
import { findModelFolder, modelNotFound } from "#lib/server/engine/model-folder.ts";
import { inspectModel } from "#lib/server/models/inspect.ts";
import { verifyModel } from "#lib/server/models/verify.ts";
import { tillerHome, userPath } from "#lib/server/paths.ts";
import { exitCodes, print, printJson, table, tell } from "../output.ts";

const places = () => ({ home: tillerHome() });

/** `tiller models list` */
export async function modelsListCommand({ json }: { json?: boolean }): Promise<void> {
  const models = await listModels(places());
  if (json) return printJson(models);
  const rows = models.map(({ id, label, layers, bytes, bundled, problem }) => [
    id,
    problem ?? label,
    layers,
    `${(bytes / 1e6).toFixed(1)} MB`,
    bundled ? "bundled" : "",
  ]);
  print(table(["id", "label", "layers", "size", ""], rows));
}

/** `tiller models add ID|DIR` */
export async function modelsAddCommand(idOrFolder: string): Promise<void> {
  const model = await addModel(idOrFolder, places(), tell);
  print(model.id);
}

/** `tiller models remove ID` */
export async function modelsRemoveCommand(id: string): Promise<void> {
  await removeModel(id, places());
  tell(`model ${id} is removed`);
}

/** `tiller models inspect ID|DIR`. A graph that cannot be instrumented is the result, with exit code 1. */
export async function modelsInspectCommand(id: string, { json }: { json?: boolean }): Promise<number> {
  const found = await inspectModel(folderOf(id), id);
  const failed = "code" in found;
  if (json) printJson(found);
  else if (failed) tell(`${found.code}: ${found.message} (${found.hint})`);
  else {
    const { components, warnings, ...rest } = found;
    const facts = {
      ...rest,
      "residual taps": components.residual,
      "attention taps": components.attn,
      "MLP taps": components.mlp,
    };
    print(
      table(
        ["", id],
        Object.entries(facts).map(([name, value]) => [name, String(value)]),
      ),
    );
    for (const warning of warnings) tell(`warning: ${warning}`);
  }
  return failed ? exitCodes.failed : exitCodes.ok;
}

/** `tiller models verify DIR --reference FILE`: largest errors against states from PyTorch. */
export async function modelsVerifyCommand(
  id: string,
  { reference, json }: { reference: string; json?: boolean },
): Promise<number> {
  try {
    const result = await verifyModel(folderOf(id), userPath(reference));
    if (json) {
      printJson(result);
      return exitCodes.ok;
    }
    const measures = [
      "zero_steer_max_abs",
      "residual",
      "attn",
      "mlp",
      "embed",
      "pooled",
      "steer_logits",
    ] as const;
    const rows = Object.entries(result.cases).map(([name, errors]) => [
      name,
      ...measures.map((measure) => errors[measure]?.toExponential(1) ?? null),
    ]);
    print(table(["padding", ...measures], rows));
    print(`greedy tokens of 10: ${result.gen}, steered: ${result.gensteer}`);
    for (const { refused } of Object.values(result.cases)) if (refused) tell(refused);
    return exitCodes.ok;
  } catch (error) {
    const failure = error instanceof AppError ? instrumentFailure(error) : null;
    if (failure === null || !(error instanceof AppError) || !json) throw error;
    printJson({ code: failure.code, message: error.message, node: failure.node, hint: failure.hint });
    return exitCodes.failed;
  }
}

function folderOf(id: string): string {
  const folder = findModelFolder(id, places());
  if (folder === null) throw modelNotFound(id, places());
  return folder;
}
