import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import type { RunSnapshot } from "../../lib/pipeline/api.ts";
import { type RunningServer, removeHome, startServer, temporaryHome } from "../support/server.ts";

interface Workers {
  /** Files that name another (`test.use`) get a server and a home of their own; files that only read share one. */
  homeName: string;
  app: RunningServer;
}

/** A server on a home of its own; every request that leaves this machine fails the test. */
export const test = base.extend<{ strangers: string[] }, Workers>({
  homeName: ["shared", { option: true, scope: "worker" }],
  app: [
    // Read, though not used: another name makes another worker of it.
    async ({ homeName: _ }, use) => {
      const home = await temporaryHome();
      const server = await startServer(home);
      await use(server);
      await server.stop();
      await removeHome(home);
    },
    { scope: "worker", timeout: 240_000 },
  ],
  strangers: [
    async ({ page, app }, use) => {
      const strangers: string[] = [];
      const { hostname } = new URL(app.url);
      page.on("request", (request) => {
        const url = request.url();
        if (new URL(url).hostname !== hostname && !/^(data|blob):/.test(url)) strangers.push(url);
      });
      await use(strangers);
      expect(strangers, "requests that left this machine").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** The run when it has ended; a stage's end is earlier: its results and the run's come after. Fails unless it ended well. */
export async function runDone(
  { url }: Pick<RunningServer, "url">,
  run: string,
  timeout = 200_000,
): Promise<RunSnapshot> {
  const read = async () => (await (await fetch(`${url}/api/runs/${run}`)).json()) as RunSnapshot;
  await expect
    // A server that closes an idle connection just as it is used again is asked once more.
    .poll(() => read().then(({ state }) => state, String), { timeout, intervals: [250, 1_000] })
    .toMatch(/^(done|failed|cancelled|interrupted)$/);
  const snapshot = await read();
  expect(snapshot.state, JSON.stringify(snapshot.notices)).toBe("done");
  return snapshot;
}

/** Fails with every WCAG 2.2 A/AA violation axe finds on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`),
  ).toEqual([]);
}

export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow, "the page must not scroll sideways").toBeLessThanOrEqual(0);
}

/** Wide and light, narrow and dark: every width and every scheme once. @param look names the screenshot */
export async function inBothLooks(page: Page, check: (look: string) => Promise<void>): Promise<void> {
  for (const [look, width, colorScheme] of [
    ["wide-light", 1440, "light"],
    ["narrow-dark", 390, "dark"],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await check(look);
  }
}
