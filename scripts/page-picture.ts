// `npm run pictures:page`: the pictures of docs/page.md, of a page over scripted models.
import { mkdirSync, writeFileSync } from "node:fs";
import { ChatOpenAI } from "@langchain/openai";
import type { Browser } from "playwright-core";
import { budget, check, createCascade, createEnsemble, createFallback, createRouter, longest } from "../src/index.js";
import { serve } from "../src/server/index.js";
import { failWith, startLoopbackServer } from "../src/testing/index.js";
import { startChromium } from "../test/support/chromium.js";

const folder = new URL("../docs/images/", import.meta.url);
const upstream = await startLoopbackServer();
const paced = (delayMs: number, text: string) => ({ text, delayMs });
upstream.reply("gpt-4o-mini", paced(230, "Because of the air."));
upstream.reply(
  "gpt-4o",
  paced(
    610,
    "Air scatters short wavelengths of sunlight far more than long ones, so light from every direction is blue.",
  ),
);
upstream.reply("gpt-4.1", failWith.server());

const model = (name: string) =>
  new ChatOpenAI({ model: name, apiKey: "sk-none", configuration: { baseURL: upstream.openaiUrl } });
const small = {
  model: model("gpt-4o-mini"),
  budget: budget({ usd: 0.0005, per: "day", name: "small model" }),
  maxOutputTokens: 100,
};
const large = { model: model("gpt-4o") };
const broken = { model: model("gpt-4.1"), retry: false as const };
const careful = createCascade({ models: { small, large }, verify: check(({ answer }) => answer.text.length > 60) });
const server = await serve(
  {
    graphs: {
      assistant: createRouter({ models: { quick: small, careful }, route: () => "careful" }),
      panel: createEnsemble({ models: { small, large }, aggregate: longest() }),
      chain: createFallback({ models: { broken, large } }),
    },
    models: { broken },
    apiKeys: ["first", "second"],
    ui: true,
    onError: () => {},
  },
  { port: 0 },
);

const post = (name: string, content: string, key: string) =>
  fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: name, messages: [{ role: "user", content }] }),
  });

async function take(browser: Browser): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 940 }, colorScheme: "light" });
  const page = await context.newPage();
  await page.goto(`${server.url}/ui`);
  await page.fill("#key", "first");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#live:not(.off)");
  await page.fill("#question", "Why is the sky blue?");
  await page.waitForSelector("#graph g.node");
  await page.click("#ask button");
  await page.waitForFunction(() => document.querySelector(".now title")?.textContent === "careful:verifier");
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.waitForTimeout(250);
  const session = await context.newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 60 });
  writeFileSync(new URL("page.webp", folder), Buffer.from(data, "base64"));
  await page.waitForSelector("#run-now a");
  await context.close();
}

mkdirSync(folder, { recursive: true });
const browser = await startChromium();
for (let times = 0; times < 4; times++) await post("broken", "Which model is this?", "second");
await post("chain", "Summarize the minutes of Monday's meeting", "second");
await post("panel", "Name three rivers of Europe that end in the Black Sea", "first");
await post("assistant", "How many bytes does a UTF-8 character take at most?", "second");
await take(browser);
await browser.close();
await server.close(0);
await upstream.close();
