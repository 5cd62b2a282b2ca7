import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import path from "node:path";
import type { Page } from "@playwright/test";
import { projectRoot } from "#lib/server/paths.ts";

const PREFIX = "/bench/";
const runtimeFolder = "node_modules/onnxruntime-web/dist";
const runtime = `${runtimeFolder}/ort.webgpu.bundle.min.mjs`;

/** Where a browser finds what modules import by name. One copy of the runtime, the one that Tiller's own pages load. */
const names: [name: string, file: string][] = [
  ["@huggingface/transformers", "node_modules/@huggingface/transformers/dist/transformers.web.js"],
  ["onnxruntime-web/webgpu", runtime],
  ["onnxruntime-common", runtime],
  ["zod", "node_modules/zod/index.js"],
];

/**
 * Gives the page `/bench/FILE` on its own origin: files of the project as modules, which the server does not know.
 * Headers are those of an isolated page, so that workers started from such a file may use threads.
 */
export async function serveModules(page: Page, origin: string): Promise<void> {
  await page.route(`${origin}${PREFIX}**`, async (route) => {
    const file = decodeURIComponent(new URL(route.request().url()).pathname.slice(PREFIX.length));
    const bytes = readFileSync(path.join(projectRoot(), file));
    await route.fulfill({
      body: file.endsWith(".wasm") ? bytes : asModule(file, bytes.toString()),
      contentType: file.endsWith(".wasm") ? "application/wasm" : "text/javascript",
      headers: {
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
      },
    });
  });
}

function asModule(file: string, text: string): string {
  let code = file.endsWith(".ts") ? stripTypeScriptTypes(text) : text;
  for (const [name, target] of names) code = code.replaceAll(`from "${name}"`, `from "${PREFIX}${target}"`);
  return code
    .replaceAll('from "#lib/', `from "${PREFIX}lib/`)
    .replaceAll('new URL("onnxruntime-web/', `new URL("${PREFIX}${runtimeFolder}/`);
}
