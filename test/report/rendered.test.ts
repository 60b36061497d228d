import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createCascade, createFallback, createRouter, judgeWith } from "../../src/index.js";
import type { ModelCall } from "../../src/ledger/model-call.js";
import { drawSteps, type Step, step } from "../../src/notebook/index.js";
import { batchReport, runReport } from "../../src/report/index.js";
import { lacksChromium, startChromium } from "../support/chromium.js";
import { httpError, saying } from "../support/fakes.js";
import { hostile } from "./ledgers.js";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const long = "Sunlight is a mix of all colours. ".repeat(60);
const graph = () =>
  createRouter({
    models: {
      team: createCascade({
        models: { small: saying("A draft."), large: saying(long) },
        verify: judgeWith(saying("4/10")),
      }),
      other: createFallback({ models: { other: saying("No.") } }),
    },
    route: () => "team",
  });

/** A run of a router over a cascade, with its steps drawn. */
async function drawnRun() {
  const run = graph();
  const steps: Step[] = [];
  for await (const done of step(run, { messages: "Why is the sky blue?" })) steps.push(done);
  const { calls, decisions } = steps.at(-1)!;
  const update = steps.findLast(({ update: { messages } }) => messages !== undefined)!.update;
  const messages = [{ role: "user", content: "Why is the sky blue?" }, ...(update.messages as unknown[])];
  const light = await drawSteps(run, steps, { animate: true });
  return runReport(
    { ...update, calls, decisions, messages },
    { steps: { light, dark: await drawSteps(run, steps, { theme: "dark" }) } },
  );
}

const hostileLine = (text: string, index: number): ModelCall => ({
  ...{
    id: text,
    turnId: text,
    path: `team/${text}`,
    node: text,
    model: text,
    role: "answer",
    status: "error",
    attempt: 1,
  },
  ...{
    startedAt: index * 100,
    latencyMs: 90,
    costUsd: 1e-9,
    queuedMs: 20,
    error: { name: text, class: text, message: text },
  },
});

const hostileRun = () => {
  const word = "long".repeat(2_000);
  const texts = [...hostile, word];
  const calls = texts.map(hostileLine);
  const decisions = texts.map((text) => ({
    node: text,
    kind: "route",
    chosen: text,
    label: text,
    scores: { [text]: 0.5 },
    threshold: 0.7,
    reason: text,
  }));
  const candidates = texts.map((text) => ({ name: text, message: text, verdict: { pass: false, reason: text } }));
  const failures = texts.map((text) => ({ name: text, class: text, message: text }));
  const messages = [
    { role: "user", content: texts.join("\n") },
    { role: "assistant", content: word.repeat(12) },
  ];
  return { calls, decisions, candidates, failures, messages, modelUsed: word };
};

async function rows() {
  const answered = await Promise.all(
    ["One?", "Two?", "Three?"].map((messages) => graph().compile().invoke({ messages })),
  );
  const failing = createFallback({ models: { only: saying(httpError(400)) } }).compile();
  const error = await failing.invoke({ messages: "Four?" }).catch((thrown: Error) => thrown);
  return [
    ...answered,
    { calls: hostileRun().calls, prompt: "Four?", error: { name: "Error", message: String(error) } },
  ];
}

describe.skipIf(lacksChromium !== undefined)("a report in a browser", () => {
  let browser: Browser;
  const pages: Record<string, string> = {};
  beforeAll(async () => {
    browser = await startChromium();
    pages.run = await drawnRun();
    pages.hostile = runReport(hostileRun());
    pages.batch = batchReport((await rows()) as never);
  });
  afterAll(() => browser?.close());

  /** Opens a page, and fails if it logs, asks for anything, or opens a dialog. */
  async function opened(html: string, look: (page: Page) => Promise<void>) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const events: string[] = [];
    page.on("console", (line) => events.push(line.text()));
    page.on("pageerror", (error) => events.push(String(error)));
    page.on("request", (request) => !request.url().startsWith("data:") && events.push(request.url()));
    page.on("dialog", (dialog) => events.push(dialog.message()));
    await page.setContent(html, { waitUntil: "load" });
    await look(page);
    expect(events).toEqual([]);
    await page.close();
  }

  it.each(["run", "hostile", "batch"] as const)(
    "is no wider than its window, and readable in both themes: %s",
    async (name) => {
      await opened(pages[name]!, async (page) => {
        await page.evaluate(() => {
          for (const each of document.querySelectorAll("details")) each.open = true;
        });
        expect(await page.locator("script, [onerror], [onload], iframe, object, link").count()).toBe(0);
        expect(await page.locator("main > section").count()).toBeGreaterThan(4);
        for (const [width, colorScheme] of [
          [1280, "light"],
          [1280, "dark"],
          [375, "dark"],
          [375, "light"],
        ] as const) {
          await page.setViewportSize({ width, height: 800 });
          await page.emulateMedia({ colorScheme });
          expect([width, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([width, width]);
          expect([colorScheme, await page.evaluate(unreadable)]).toEqual([colorScheme, []]);
        }
      });
    },
  );

  it("says to a screen reader what it shows", async () => {
    await opened(pages.run!, async (page) => {
      const tree = await page.locator("body").ariaSnapshot();
      for (const line of [
        '- heading "Why is the sky blue?" [level=1]',
        '- heading "Timeline" [level=2]',
        "- term: Cost",
        /img "Timeline of a run: 3 calls in .*, unknown"/,
        /img "The graph at each step of the run/,
        /- listitem: "router route team/,
        '- region "Ledger":',
        '- columnheader "first token"',
        /- row "team\/large the answer .* answer ok/,
      ]) {
        expect(tree).toMatch(line);
      }
      expect(tree.match(/img "Timeline/g)).toHaveLength(1); // one of the two widths
    });
  });

  it("opens a run of many without a script", async () => {
    await opened(pages.batch!, async (page) => {
      const run = page.locator("section", { hasText: "Slowest runs" }).locator("details").last();
      expect(await run.getByRole("img", { name: /^Timeline/ }).count()).toBe(0);
      await run.locator("summary").first().press("Enter");
      expect(await run.getByRole("img", { name: /^Timeline/ }).count()).toBe(1);
      const tree = await page.locator("body").ariaSnapshot();
      expect(tree).toContain('- heading "4 runs" [level=1]');
      expect(tree).toMatch(/img "Time of a run: median .* 95th percentile/);
    });
  });
});

/** Returns the texts of a page whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3). Runs in the page. */
function unreadable(): string[] {
  const light = (color: string) => {
    const [red, green, blue] = color.match(/[\d.]+/g)!.map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const behind = (element: Element): string => {
    for (let each: Element | null = element; each !== null; each = each.parentElement) {
      const picture =
        each.tagName === "svg" ? each.querySelector(`:scope > rect[height="${each.getAttribute("height")}"]`) : null;
      const color = picture === null ? getComputedStyle(each).backgroundColor : getComputedStyle(picture).fill;
      if (color.startsWith("rgb(")) return color;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("body *")].flatMap((element) => {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== "");
    if (!own || ["title", "desc", "STYLE"].includes(element.tagName)) return [];
    const style = getComputedStyle(element);
    const color = element.tagName === "text" ? style.fill : style.color;
    const [one, other] = [light(color), light(behind(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    return contrast < 4.5
      ? [`${element.tagName} ${element.textContent!.slice(0, 40)}: ${color} on ${behind(element)}`]
      : [];
  });
}
