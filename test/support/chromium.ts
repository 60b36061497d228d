import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Reason to skip a test that needs Chromium; `undefined` where it is installed. */
export const lacksChromium = existsSync(executablePath) ? undefined : `there is no ${executablePath}; set CHROMIUM`;

const flags =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** Starts Chromium without a window and with a fresh profile; one for each test file. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, headless: true, args: flags.split(" ") });
}
