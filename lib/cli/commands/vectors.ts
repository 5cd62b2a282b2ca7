import { existsSync } from "node:fs";
import { AppError } from "#lib/core/errors.ts";
import type { EvaluationRow } from "#lib/pipeline/results.ts";
import type { OwnVectorsMade, VectorComparison } from "#lib/pipeline/vectors-api.ts";
import { tillerHome, userPath } from "#lib/server/paths.ts";
import { FolderStore } from "#lib/server/store/folder-store.ts";
import { combineVectors } from "#lib/server/vectors/combine.ts";
import { compareVectors } from "#lib/server/vectors/compare.ts";
import { importVectors, openVectorFiles } from "#lib/server/vectors/files.ts";
import { listVectors } from "#lib/server/vectors/list.ts";
import { removeOwnVectors } from "#lib/server/vectors/own-vectors.ts";
import { type NamedVectors, openVectorRef, parseVectorRef } from "#lib/server/vectors/refs.ts";
import { type EvaluateLayerJob, evaluateLayer } from "#lib/vectors/layer.ts";
import { parseSum } from "#lib/vectors/recipe.ts";
import { print, printJson, table, tell } from "../output.ts";

// These commands work on files only, beside a running server.

/** `tiller vectors list [--experiment E]` */
export async function vectorsListCommand(options: { experiment?: string; json?: boolean }): Promise<void> {
  const list = await listVectors(new FolderStore(tillerHome()), options.experiment);
  if (options.json) return printJson(list);
  if (list.length === 0) return tell("there are no vectors yet: tiller run --experiment NAME");
  const head = ["experiment", "trait", "position", "component", "method", "layers"];
  print(
    table(
      head,
      list.map(({ experiment, trait, position, component, method, layers }) => [
        experiment,
        trait,
        position,
        component,
        method,
        layers.join(","),
      ]),
    ),
  );
}

/** `tiller vectors compare A B` */
export async function vectorsCompareCommand(
  a: string,
  b: string,
  { json }: { json?: boolean },
): Promise<void> {
  const artifacts = new FolderStore(tillerHome());
  const comparison = await compareVectors(artifacts, await open(artifacts, a), await open(artifacts, b));
  if (json) return printJson(comparison);
  tell(`a: ${comparison.a.name}`);
  tell(`b: ${comparison.b.name}`);
  if (comparison.why_no_cosines) tell(comparison.why_no_cosines);
  print(comparisonTable(comparison));
}

/** Vectors of an experiment, or of a file that is there. */
async function open(artifacts: FolderStore, text: string): Promise<NamedVectors> {
  if (existsSync(userPath(text))) return openVectorFiles([userPath(text)]);
  return openVectorRef(artifacts, { home: tillerHome() }, parseVectorRef(text));
}

interface Target {
  experiment: string;
  trait: string;
  as: string;
  json?: boolean;
}

/** `tiller vectors import FILE... --experiment E --trait c/t --as NAME` */
export async function vectorsImportCommand(
  paths: string[],
  { layer, ...target }: Target & { layer?: string },
): Promise<void> {
  if (layer !== undefined && !/^\d+$/.test(layer)) {
    throw new AppError("usage", `--layer ${layer} is not known: write a layer's number, such as 3`);
  }
  const places = paths.map((file) => userPath(file));
  const vectors = await openVectorFiles(places, layer === undefined ? undefined : Number(layer));
  showMade(await importVectors(portsHere(), targetOf(target), vectors), target);
}

/** `tiller vectors combine SUM --experiment E --trait c/t --as NAME` */
export async function vectorsCombineCommand(
  sum: string,
  {
    orthogonalTo,
    averageLayers = null,
    ...target
  }: Target & { orthogonalTo?: string; averageLayers?: string | null },
): Promise<void> {
  const recipe = {
    terms: parseSum(sum),
    orthogonalTo: (orthogonalTo ?? "").split(",").flatMap((name) => name.trim() || []),
    averageLayers,
  };
  showMade(await combineVectors(portsHere(), { home: tillerHome() }, targetOf(target), recipe), target);
}

/** `tiller vectors remove NAME --experiment E --trait c/t` */
export async function vectorsRemoveCommand(
  name: string,
  { experiment, trait }: { experiment: string; trait: string },
): Promise<void> {
  await removeOwnVectors(new FolderStore(tillerHome()), { experiment, trait, name });
  tell(`${experiment}/${trait}/${name} is removed`);
}

const targetOf = ({ experiment, trait, as }: Target) => ({ experiment, trait, name: as });

/** One method's vectors are tested in a moment: no threads are started for them. */
function portsHere() {
  return {
    artifacts: new FolderStore(tillerHome()),
    evaluateLayer: async (job: EvaluateLayerJob) => evaluateLayer(job),
  };
}

function showMade(made: OwnVectorsMade, { json }: Target): void {
  if (json) {
    printJson(made);
    return;
  }
  const { experiment, trait, method, layers, zero, rows } = made;
  tell(`${experiment}/${trait}/${method}: vectors of layers ${layers.join(", ")}`);
  if (zero.length > 0)
    tell(`the vector is zero at layers ${zero.join(", ")}: steering with it changes nothing there`);
  if (rows.length === 0) {
    tell("not tested: run evaluate to see how they separate held-out rows");
    return;
  }
  const text = (value: number | null) => (value === null ? null : value.toFixed(3));
  print(
    table(
      ["layer", "AUROC", "accuracy", "d", "n"],
      rows.map((row) => [
        row.layer,
        text(row.val_auroc),
        text(row.val_accuracy),
        text(row.val_effect_size),
        row.n_val_pos + row.n_val_neg,
      ]),
    ),
  );
}

const figures: [name: string, value: (row: EvaluationRow) => number | null][] = [
  ["AUROC", (row) => row.val_auroc],
  ["accuracy", (row) => row.val_accuracy],
  ["d", (row) => row.val_effect_size],
];

function comparisonTable({ layers }: VectorComparison): string {
  const text = (value: number | null) => (value === null ? null : value.toFixed(3));
  const head = [
    "layer",
    ...figures.flatMap(([name]) => [`${name} a`, `${name} b`, "b − a"]),
    "n a",
    "n b",
    "cosine",
  ];
  const count = (row: EvaluationRow | null) => (row ? row.n_val_pos + row.n_val_neg : null);
  return table(
    head,
    layers.map(({ layer, a, b, cosine }) => [
      layer,
      ...figures.flatMap(([, value]) => {
        const left = a && value(a);
        const right = b && value(b);
        return [text(left), text(right), text(left === null || right === null ? null : right - left)];
      }),
      count(a),
      count(b),
      text(cosine),
    ]),
  );
}
