import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { chromium, type Page } from "@playwright/test";
import { removeHome, startServer, temporaryHome } from "../tests/support/server.ts";
import { findChromium } from "../tools/project/chromium.mjs";
import { writeTable } from "./table.ts";

// Keystroke to paint in the pair editor, on the real server, in Chromium: from the key's event to after the frame that
// shows it. Bursts of typing with rests, so that lints and saves of the whole trait fall in between and into the next.
const BURSTS = 12;
const KEYS_A_BURST = 20;
const KEY_MS = 70;
const REST_MS = 1400;
const COMMANDS = 40;
const TARGET_MS = 50;

const words =
  "my manager asked whether I would stay late to finish the quarterly report before the meeting so I looked at the clock and".split(
    " ",
  );

function scenarios(lines: number, seed: number): string {
  let state = seed;
  const next = (below: number) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
  const line = () => Array.from({ length: 8 + next(20) }, () => words[next(words.length)]).join(" ");
  return `${Array.from({ length: lines }, line).join("\n")}\n`;
}

async function writeTrait(home: string, lines: number): Promise<string> {
  const trait = `bench/lines${lines}`;
  const folder = path.join(home, "datasets/traits", trait);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "positive.txt"), scenarios(lines, 1));
  await writeFile(path.join(folder, "negative.txt"), scenarios(lines, 2));
  await writeFile(path.join(folder, "definition.txt"), "HIGH: it stays calm.\nLOW: it panics.\n");
  return trait;
}

/** Records, for each key pressed from now on, the milliseconds until the frame after it was painted. */
async function watchKeys(page: Page): Promise<void> {
  await page.evaluate(() => {
    const delays: number[] = [];
    Object.assign(globalThis, { keyDelays: delays });
    addEventListener(
      "keydown",
      ({ timeStamp, key }) => {
        if (["Control", "Shift", "Alt", "Meta"].includes(key)) return;
        requestAnimationFrame(() => {
          // A message posted in a frame is handled once that frame is painted.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => delays.push(performance.now() - timeStamp);
          port2.postMessage(null);
        });
      },
      { capture: true },
    );
  });
}

function takeDelays(page: Page): Promise<number[]> {
  return page.evaluate(() => (globalThis as unknown as { keyDelays: number[] }).keyDelays.splice(0));
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

const executablePath = await findChromium();
const home = await temporaryHome();
const server = await startServer(home);
const browser = await chromium.launch({
  args: ["--no-sandbox"],
  ...(executablePath ? { executablePath } : {}),
});
const rows: (string | number)[][] = [];
try {
  for (const lines of [100, 10_000]) {
    const trait = await writeTrait(home, lines);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const opened = performance.now();
    await page.goto(`${server.url}/traits/${trait}`);
    const positive = page.getByRole("textbox", { name: /^Positive/ });
    await positive.waitFor();
    const shown = performance.now() - opened;
    await page
      .getByRole("button", { name: /^Go to (positive|negative) line/ })
      .first()
      .waitFor();
    await positive.focus();
    // To the middle of the document, by the search panel's Go to line.
    await page.keyboard.press("Control+Alt+g");
    await page.keyboard.type("50%");
    await page.keyboard.press("Enter");
    await page.keyboard.press("End");
    await watchKeys(page);

    for (let burst = 0; burst < BURSTS; burst++) {
      await page.keyboard.type(" and then I smiled ".slice(0, KEYS_A_BURST), { delay: KEY_MS });
      await page.waitForTimeout(REST_MS);
    }
    const typing = await takeDelays(page);
    for (let at = 0; at < COMMANDS; at++) {
      await page.keyboard.press(at % 2 === 0 ? "Control+Enter" : "Alt+s");
      await page.waitForTimeout(KEY_MS);
    }
    const commands = await takeDelays(page);
    for (const [what, delays] of [
      ["typing", typing],
      ["pair commands", commands],
    ] as const) {
      const sorted = [...delays].sort((a, b) => a - b);
      rows.push([
        lines.toLocaleString("en-US"),
        what,
        sorted.length,
        quantile(sorted, 0.5).toFixed(1),
        quantile(sorted, 0.95).toFixed(1),
        quantile(sorted, 1).toFixed(1),
        what === "typing" ? (shown / 1000).toFixed(1) : "",
      ]);
    }
    await page.close();
  }
} finally {
  await browser.close();
  await server.stop();
  await removeHome(home);
}

writeTable("editor", {
  title: "Pair editor: keystroke to paint",
  columns: ["lines a side", "keys", "n", "p50 (ms)", "p95 (ms)", "longest (ms)", "page shown after (s)"],
  rows,
  notes: [
    `Target: p95 at most ${TARGET_MS} ms at 10,000 lines a side.`,
    "From the key's event to after the frame that shows it, at 60 frames a second; lints and saves of the whole trait run between the bursts.",
    "Typing in the middle of the document; commands add a pair and swap its sides. Chromium without a GPU, the server on the same machine.",
  ],
});
