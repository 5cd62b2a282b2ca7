import { defineConfig } from "@playwright/test";

/** Software WebGPU and no background traffic, so that the tests are the same on a machine without a GPU or network. */
const chromiumFlags = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Tests of the model in a browser: they take every core there is, so one after another. */
const inBrowser = ["device", "lend", "lend-judge", "web-*"].map((name) => `**/${name}.spec.ts`);

export default defineConfig({
  testDir: "tests/e2e",
  globalSetup: "./tests/support/build.ts",
  // Each worker has servers and homes of its own.
  workers: 2,
  fullyParallel: false,
  timeout: 300_000,
  expect: { timeout: 60_000 },
  projects: [
    { name: "devices", testMatch: inBrowser, workers: 1 },
    { name: "pages", testIgnore: inBrowser },
  ],
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  outputDir: "test-results",
  use: {
    headless: true,
    // Recording every test takes a third of a core: only who looks for a failure's cause wants it.
    trace: process.env.TILLER_TRACE === "1" ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
    launchOptions: {
      args: chromiumFlags,
      ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
    },
  },
});
