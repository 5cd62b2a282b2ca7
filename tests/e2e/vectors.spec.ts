import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Locator, Page } from "@playwright/test";
import { unzipSync } from "fflate";
import { readGguf } from "../../lib/formats/gguf.ts";
import { readPt } from "../../lib/formats/pt.ts";
import { readSafetensors } from "../../lib/formats/safetensors.ts";
import { type Tensor, toFloat32 } from "../../lib/formats/tensor.ts";
import { prepareSmallHome } from "../../lib/testing/small-home.ts";
import type { RunningServer } from "../support/server.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, runDone, test } from "./fixtures.ts";

const TRAIT = "part/optimism";
const TRAITS = [TRAIT, "part/refusal"];
const METHODS = ["mean_diff", "probe", "gradient", "random", "pca"];
const LAYER = 2;

test.describe.configure({ mode: "serial" });
test.use({ homeName: "vectors" });

const card = (page: Page, title: string | RegExp) =>
  page.locator("section").filter({ has: page.getByRole("heading", { name: title, level: 2 }) });

/** Vectors of the scenarios themselves: no text is written and none is judged. */
async function extractVectors({ url }: RunningServer, name: string, traits: string[]): Promise<void> {
  const post = async (at: string, body: unknown) =>
    (
      await fetch(`${url}${at}`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      })
    ).json();
  const config = {
    extraction_model: "demo",
    prefill_only: true,
    token_position: name,
    traits,
    steering: false,
  };
  await post("/api/experiments", { name, config });
  const { run_id } = await post("/api/runs", { experiment: name });
  await runDone({ url }, run_id);
}

const folderOf = (app: RunningServer, experiment: string, trait: string) =>
  path.join(app.home, "experiments", experiment, "extraction", trait);
const placeOf = (experiment: string) => (experiment === "last" ? "prompt_-1" : "prompt_all");

async function tensorsOf(file: string): Promise<Map<string, Tensor>> {
  return readSafetensors(await readFile(file), file).tensors;
}

async function vectorOf(
  app: RunningServer,
  experiment: string,
  trait: string,
  method: string,
  layer: number,
) {
  const folder = path.join(
    folderOf(app, experiment, trait),
    "vectors",
    placeOf(experiment),
    "residual",
    method,
  );
  const vector = (await tensorsOf(path.join(folder, `layer${layer}.safetensors`))).get("vector");
  if (!vector) throw new Error(`no vector in ${folder}`);
  return toFloat32(vector);
}

interface DiskRow {
  split: "training" | "held-out";
  label: number;
  index: number;
  values: Float32Array;
}

async function rowsOf(app: RunningServer, layer: number): Promise<DiskRow[]> {
  const folder = path.join(folderOf(app, "last", TRAIT), "activations/prompt_-1/residual");
  const rows: DiskRow[] = [];
  for (const [name, split] of [
    ["train", "training"],
    ["val", "held-out"],
  ] as const) {
    const tensors = await tensorsOf(path.join(folder, `${name}_all_layers.safetensors`));
    const tensor = (name: string) => tensors.get(name) as Tensor;
    const [, layers = 0, hidden = 0] = tensor("activations").shape;
    const [values, indices] = [toFloat32(tensor("activations")), toFloat32(tensor("indices"))];
    toFloat32(tensor("labels")).forEach((label, at) => {
      const start = (at * layers + layer) * hidden;
      rows.push({ split, label, index: indices[at] ?? 0, values: values.slice(start, start + hidden) });
    });
  }
  return rows;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}
const length = (a: ArrayLike<number>) => Math.sqrt(dot(a, a));
const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A chart's table view, as numbers where they are numbers. */
async function tableOf(chart: Locator): Promise<(string | number)[][]> {
  await chart.getByRole("button", { name: "Table" }).click();
  const cells = await chart
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)),
    );
  await chart.getByRole("button", { name: "Table" }).click();
  return cells.map((row) =>
    row.map((text) => (text !== "" && Number.isFinite(Number(text)) ? Number(text) : String(text))),
  );
}

test("every figure of a cell is recomputed from the files: projections, threshold, components", async ({
  page,
  app,
}, info) => {
  test.setTimeout(400_000);
  for (const trait of TRAITS) prepareSmallHome(app.home, 40, 1, trait);
  await extractVectors(app, "last", TRAITS);
  await extractVectors(app, "mean", [TRAIT]);
  const rows = await rowsOf(app, LAYER);
  for (const method of ["mean_diff", "probe"]) {
    const vector = await vectorOf(app, "last", TRAIT, method, LAYER);
    const metadata = JSON.parse(
      await readFile(
        path.join(folderOf(app, "last", TRAIT), "vectors/prompt_-1/residual", method, "metadata.json"),
        "utf8",
      ),
    ).layers[LAYER];
    const scores = rows.map(({ values }) =>
      method === "probe" ? dot(values, vector) / length(values) : dot(values, vector),
    );
    const training = (label: number) =>
      meanOf(scores.filter((_, at) => rows[at]?.label === label && rows[at]?.split === "training"));
    const threshold = method === "probe" ? -metadata.bias / metadata.norm : (training(1) + training(0)) / 2;

    await page.goto(`${app.url}/experiments/last/vectors?trait=${TRAIT}&method=${method}&layer=${LAYER}`);
    const projections = card(page, "Projections on the vector");
    await expect(projections.getByRole("group")).toHaveAccessibleName(
      new RegExp(
        `^Projections of ${rows.filter(({ label }) => label === 1).length} positive and ${rows.filter(({ label }) => label === 0).length} negative rows`,
      ),
    );
    const bins = (await tableOf(projections)) as number[][];
    const [low = 0, high = 0] = [Math.min(...scores, threshold), Math.max(...scores, threshold)];
    bins.forEach(([from = 0, to = 0, positive, negative], at) => {
      expect(from).toBeCloseTo(low + (at * (high - low)) / 20, 9);
      const inBin = (label: number) =>
        scores.filter(
          (score, row) =>
            rows[row]?.label === label &&
            Math.min(Math.floor(((score - low) / (high - low)) * 20 + 1e-9), 19) === at,
        ).length;
      expect([positive, negative], `${method}, bin ${at}, up to ${to}`).toEqual([inBin(1), inBin(0)]);
    });
    const facts = card(page, `${method}, layer ${LAYER}`);
    const fact = (name: string) =>
      facts.locator("div").filter({ has: page.getByText(name, { exact: true }) });
    await expect(fact("Threshold").last()).toContainText(threshold.toFixed(4));
    await expect(fact("Norm of the raw vector").last()).toContainText(metadata.norm.toFixed(3));
    await expect(fact("Mean training projection").last()).toContainText(metadata.baseline.toFixed(3));
    await expect(fact("Bias of the method").last()).toContainText(
      method === "probe" ? metadata.bias.toFixed(4) : "none",
    );

    const plane = card(page, `Activations at layer ${LAYER}`);
    await expect(plane.locator(`[data-mark="${rows.length - 1}"]`)).toBeVisible();
    const shown = await tableOf(plane);
    expect(shown.map(([scenario, side, split]) => [scenario, side, split])).toEqual(
      rows.map(({ index, label, split }) => [index + 1, label === 1 ? "positive" : "negative", split]),
    );
    shown.forEach(([, , , score], at) => {
      expect(score).toBeCloseTo(scores[at] ?? Number.NaN, 9);
    });
    // Components: eigenvectors of the rows' Gram matrix, the first ones by power iteration.
    const mean = Array.from(vector, (_, d) => meanOf(rows.map(({ values }) => values[d] ?? 0)));
    const centred = rows.map(({ values }) => Array.from(values, (value, d) => value - (mean[d] ?? 0)));
    const total = centred.reduce((sum, row) => sum + dot(row, row), 0);
    const gram = centred.map((a) => centred.map((b) => dot(a, b)));
    const found: number[][] = [];
    for (const column of [4, 5]) {
      let unit = rows.map((_, at) => Math.sin(at * 12.9898) + 0.1);
      let value = 0;
      for (let round = 0; round < 300; round++) {
        const image = gram.map((row) => dot(row, unit));
        for (const known of found) {
          const share = dot(image, known);
          known.forEach((entry, at) => {
            image[at] = (image[at] ?? 0) - share * entry;
          });
        }
        value = length(image);
        unit = image.map((entry) => entry / value);
      }
      found.push(unit);
      const coordinates = shown.map((row) => Number(row[column]));
      expect(dot(coordinates, coordinates) / value).toBeCloseTo(1, 4);
      expect(Math.abs(dot(coordinates, unit)) / Math.sqrt(value)).toBeCloseTo(1, 3);
      await expect(plane).toContainText(
        `component ${column - 3}, ${((100 * value) / total).toFixed(0)} % of variance`,
      );
    }
  }

  const bar = card(page, "Projections on the vector").locator('[data-mark="0"]');
  await bar.focus();
  await page.keyboard.press("ArrowRight");
  await expect(card(page, "Projections on the vector").locator("p[aria-hidden]")).toHaveText(
    (await card(page, "Projections on the vector").locator('[data-mark="1"]').getAttribute("aria-label")) ??
      "",
  );
  await page.getByLabel("Rows in both charts").selectOption("val");
  await expect(page).toHaveURL(/rows=val/);
  const held = rows.filter(({ split }) => split === "held-out").length;
  await expect(card(page, `Activations at layer ${LAYER}`).locator("[data-mark]")).toHaveCount(held);
  await inBothLooks(page, async (look) => {
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: info.outputPath(`vectors-${look}.png`), fullPage: true });
  });
});

test("every cosine is the files', across methods, layers and traits", async ({ page, app }) => {
  const layers = [0, 1, 2, 3, 4];
  const read = (trait: string, method: string, layer: number) => vectorOf(app, "last", trait, method, layer);
  const axes = {
    methods: { labels: METHODS, one: "method", vector: (label: string) => read(TRAIT, label, LAYER) },
    layers: {
      labels: layers.map(String),
      one: "layer",
      vector: (label: string) => read(TRAIT, "probe", Number(label)),
    },
    traits: { labels: TRAITS, one: "trait", vector: (label: string) => read(label, "probe", LAYER) },
  };
  await page.goto(`${app.url}/experiments/last/vectors?trait=${TRAIT}&method=probe&layer=${LAYER}`);
  for (const [across, { labels, one, vector }] of Object.entries(axes)) {
    await page.getByRole("combobox", { name: "Cosines across" }).selectOption(across);
    const grid = page.getByRole("grid", { name: `Cosines across ${across}` });
    await expect(grid.getByRole("gridcell")).toHaveCount(labels.length ** 2);
    const vectors = await Promise.all(labels.map(vector));
    for (const [a, left] of vectors.entries()) {
      for (const [b, right] of vectors.entries()) {
        const cell = grid.getByRole("gridcell", {
          name: new RegExp(`^${one} ${labels[a]} and ${labels[b]}:`),
        });
        const expected = dot(left, right) / (length(left) * length(right));
        expect(Number(await cell.getAttribute("data-value"))).toBeCloseTo(expected, 9);
      }
    }
  }
});

async function downloaded(page: Page, press: Locator): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), press.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

test("what is taken away is the vector on disk, and a chart's drawing is the same bytes each time", async ({
  page,
  app,
}) => {
  const place = `${app.url}/experiments/last/vectors?trait=${TRAIT}&method=probe&layer=${LAYER}`;
  await page.goto(place);
  const disk = await Promise.all(
    [0, 1, 2, 3, 4].map((layer) => vectorOf(app, "last", TRAIT, "probe", layer)),
  );
  const away = card(page, "Take it away");
  const take = async (format: string) => {
    await away.getByLabel("Format").selectOption(format);
    const link = away.getByRole("link", { name: /^Download/ });
    await expect(link).toHaveAttribute("href", new RegExp(`format=${format}(&|$)`));
    return downloaded(page, link);
  };
  const { tensors } = readSafetensors((await take("safetensors")).bytes, "x");
  expect(disk.map((_, layer) => toFloat32(tensors.get(`layer_${layer}`) as Tensor))).toEqual(disk);
  const zip = unzipSync((await take("pt")).bytes);
  expect(disk.map((_, layer) => toFloat32(readPt(zip[`layer_${layer}.pt`] as Uint8Array) as Tensor))).toEqual(
    disk,
  );
  const gguf = readGguf((await take("gguf")).bytes, "x").tensors;
  expect(disk.map((_, layer) => toFloat32(gguf.get(`direction.${layer}`) as Tensor))).toEqual(disk);

  const charts = [
    "AUROC by layer and method",
    "AUROC over the layers",
    "Projections on the vector",
    `Activations at layer ${LAYER}`,
  ];
  const drawings = async () => {
    const files: string[] = [];
    for (const title of charts) {
      await expect(
        card(page, title).locator("svg[data-chart], .recharts-wrapper > .recharts-surface").first(),
      ).toBeVisible();
      const { bytes } = await downloaded(
        page,
        page.getByRole("button", { name: `Download ${title} as SVG` }),
      );
      files.push(bytes.toString());
    }
    return files;
  };
  const first = await drawings();
  expect(first[1]).toContain("mean_diff");
  await page.goto(`${app.url}/experiments`);
  await page.goto(place);
  expect(await drawings()).toEqual(first);
});

test("vectors are compared, combined and brought in; what is made can be chosen at once", async ({
  page,
  app,
}) => {
  const vector = (experiment: string, layer: number) => vectorOf(app, experiment, TRAIT, "mean_diff", layer);
  const evaluation = async (experiment: string) =>
    JSON.parse(
      await readFile(
        path.join(app.home, "experiments", experiment, "extraction/extraction_evaluation.json"),
        "utf8",
      ),
    ).all_results as { trait: string; method: string; layer: number; val_auroc: number }[];
  const aurocs = async (experiment: string) =>
    (await evaluation(experiment))
      .filter(({ trait, method }) => trait === TRAIT && method === "mean_diff")
      .map(({ val_auroc }) => val_auroc);
  await page.goto(`${app.url}/experiments/last/vectors?trait=${TRAIT}&method=mean_diff&layer=${LAYER}`);
  const compare = card(page, "Compare");
  await compare.getByRole("combobox", { name: "Experiment" }).selectOption("mean");
  await expect(compare.getByRole("combobox", { name: "Vectors" })).toHaveValue(`mean/${TRAIT}/mean_diff`);
  await expect(compare.getByRole("table", { name: "Compared by layer" })).toBeVisible();
  const [a, b] = [await aurocs("last"), await aurocs("mean")];
  const shown = (await tableOf(compare)) as number[][];
  for (const [layer, row] of shown.entries()) {
    const [left, right] = [await vector("last", layer), await vector("mean", layer)];
    expect(row.slice(0, 4)).toEqual([layer, a[layer], b[layer], (b[layer] ?? 0) - (a[layer] ?? 0)]);
    expect(row[6]).toBeCloseTo(dot(left, right) / (length(left) * length(right)), 9);
  }

  const combine = card(page, "Combine");
  await combine.getByLabel("Factor").fill("0.5");
  await combine.getByLabel("Name of the result").fill("probe");
  await combine.getByLabel(`last/${TRAIT}/probe`, { exact: true }).check();
  await combine.getByRole("button", { name: "Make it" }).click();
  await expect(combine.getByRole("alert")).toContainText("name probe is an extraction method's");
  await combine.getByLabel("Name of the result").fill("apart");
  await combine.getByRole("button", { name: "Make it" }).click();
  await expect(page.getByRole("heading", { name: `apart, layer ${LAYER}` })).toBeVisible();
  await expect(page).toHaveURL(/method=apart/);
  const made = await vectorOf(app, "last", TRAIT, "apart", LAYER);
  const norms = async (method: string) =>
    JSON.parse(
      await readFile(
        path.join(folderOf(app, "last", TRAIT), "vectors/prompt_-1/residual", method, "metadata.json"),
        "utf8",
      ),
    ).layers[LAYER].norm as number;
  const [minuend, subtrahend] = [
    await vector("last", LAYER),
    await vectorOf(app, "last", TRAIT, "probe", LAYER),
  ];
  const [n1, n2, n3] = [await norms("mean_diff"), await norms("probe"), await norms("apart")];
  made.forEach((value, at) => {
    expect(value * n3).toBeCloseTo((minuend[at] ?? 0) * n1 - 0.5 * (subtrahend[at] ?? 0) * n2, 4);
  });

  const bring = card(page, "Import vectors");
  const bytes = Buffer.from(JSON.stringify({ directions: { 0: [...minuend] } }));
  await bring
    .getByLabel("File")
    .setInputFiles({ name: "brought.svec", mimeType: "application/json", buffer: bytes });
  await bring.getByLabel("Name of the vectors").fill("brought");
  await bring.getByRole("button", { name: "Import" }).click();
  await expect(page.getByText("brought: vectors of layers 0")).toBeVisible();
  expect(await vectorOf(app, "last", TRAIT, "brought", 0)).toEqual(minuend);
  await expect(page.getByRole("gridcell", { name: /^brought, layer 0: AUROC/ })).toBeVisible();
  await expectAccessible(page);
});
