import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const executablePath = "/usr/bin/chromium";

/** Whether Debian's Chromium is installed; tests that need it are skipped without it. */
export const hasChromium = existsSync(executablePath);

const quiet = ["background-networking", "component-update", "sync", "gpu", "quic"].map((name) => `--disable-${name}`);

/** Starts Chromium without a window, in a folder of its own. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--no-first-run", ...quiet] });
}
