// Finds the browser for the end-to-end tests; on Debian as root it installs the distribution's Chromium.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Path of a Chromium, or undefined to let Playwright use its own. Exits with what to run when there is none. */
export async function findChromium() {
  const known = [process.env.CHROMIUM_PATH, "/usr/bin/chromium"].find((file) => file && existsSync(file));
  if (known) return known;
  const { chromium } = await import("@playwright/test");
  if (existsSync(chromium.executablePath())) return undefined;
  if (existsSync("/etc/debian_version") && process.getuid?.() === 0) {
    console.error("Installing Chromium from Debian (once) …");
    const apt = (...args) =>
      spawnSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
        stdio: ["ignore", 2, 2],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    apt("update", "-q");
    apt("install", "-y", "-q", "chromium");
    if (existsSync("/usr/bin/chromium")) return "/usr/bin/chromium";
  }
  console.error(
    "No Chromium for the end-to-end tests. Run `sudo apt-get install -y chromium` (Debian, Ubuntu) or `npx playwright install chromium`, or set CHROMIUM_PATH.",
  );
  process.exit(1);
}
