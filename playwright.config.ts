import { defineConfig } from "@playwright/test";

const switchedOff = [
  // Pages of the address bar, which nobody sees; each window would load two.
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
  // What Playwright switches off: Chromium goes by the last list that it is given.
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
];

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
  // Debian's Chromium would draw pages with the software graphics card.
  "--disable-gpu-rasterization",
  `--disable-features=${switchedOff.join(",")}`,
];

/** Tests of the model in a browser: they take every core there is, so one after another. */
const inBrowser = ["device", "lend", "lend-judge", "web-*"].map((name) => `**/${name}.spec.ts`);

export default defineConfig({
  testDir: "tests/e2e",
  globalSetup: "./tests/support/build.ts",
  // Each worker has servers and homes of its own.
  workers: 2,
  fullyParallel: false,
  timeout: 480_000,
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
