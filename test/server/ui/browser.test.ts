import { FakeListChatModel } from "@langchain/core/utils/testing";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  check,
  createCascade,
  createExperiment,
  createFallback,
  createQualityGate,
  createRouter,
} from "../../../src/index.js";
import { type AppOptions, type RunningServer, serve } from "../../../src/server/index.js";
import { lacksChromium, startChromium } from "../../support/chromium.js";
import { httpError, saying } from "../../support/fakes.js";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const bad = `<img src=x onerror="window.hacked=true"><script>window.hacked=true</script>`;
const price = { input: 1, output: 2 };

/** A model that answers when the test lets it. */
class Waiting extends FakeListChatModel {
  readonly #waiting: (() => void)[] = [];
  override async _generate(...given: Parameters<FakeListChatModel["_generate"]>) {
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return super._generate(...given);
  }
  /** Waits for a call, and lets it go on. */
  async release(): Promise<void> {
    await vi.waitFor(() => expect(this.#waiting).not.toHaveLength(0), { timeout: 20_000 });
    this.#waiting.shift()!();
  }
}

describe.skipIf(lacksChromium !== undefined)("the page in Chromium", () => {
  let browser: Browser;
  let server: RunningServer | undefined;
  let context: BrowserContext;
  let problems: string[];
  const small = new Waiting({ responses: ["no"] });
  const large = new Waiting({ responses: ["A longer answer"] });

  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    await context?.close();
    await server?.close(0);
    expect(problems).toEqual([]);
  });

  async function open(more: Partial<AppOptions> = {}, options: object = {}): Promise<Page> {
    const careful = createCascade({
      models: { small: { model: small, price }, large: { model: large, price } },
      verify: check(({ answer }) => answer.text.length > 3),
    });
    server = await serve(
      {
        graphs: {
          nested: createRouter({ models: { quick: small, careful }, route: () => "careful" }),
          echo: createFallback({ models: { echo: new FakeListChatModel({ responses: [bad] }) } }),
          failing: createFallback({ models: { broken: { model: saying(httpError(500)), retry: false } } }),
        },
        ui: true,
        onError: () => {},
        ...more,
      },
      { port: 0 },
    );
    problems = [];
    context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
    const page = await context.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      const expected = message.text().includes("401"); // of the sign-in form
      if (message.type() === "error" && !expected) problems.push(message.text()); // violations of the policy too
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(server!.url) && !request.url().startsWith("data:")) problems.push(request.url());
    });
    await page.goto(`${server.url}/ui`);
    return page;
  }

  const live = (page: Page) => page.waitForSelector("#live:not(.off)");
  const post = (model: string, content: string, headers: Record<string, string> = {}) =>
    fetch(`${server!.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
    });
  const lit = (page: Page) =>
    page.$$eval("#graph g.node", (nodes) =>
      nodes
        .filter((node) => node.classList.contains("ran"))
        .map((node) => `${node.querySelector("title")!.textContent}${node.classList.contains("now") ? "!" : ""}`),
    );

  it("lights up the graph step by step, and leads to the report of the run", async () => {
    const page = await open();
    await live(page);
    await page.selectOption("#model", "nested");
    await page.waitForFunction(() => document.querySelectorAll("#graph g.node").length > 6);
    expect(await lit(page)).toEqual([]);
    await page.fill("#question", "Why is the sea salty?");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("#graph g.node.now");
    expect(await lit(page)).toEqual(["__start__", "router!"]);
    await small.release();
    await page.waitForFunction(() => document.querySelectorAll("#graph g.node.ran").length === 4);
    expect((await lit(page)).toSorted()).toEqual(["__start__", "careful:small", "careful:verifier!", "router"]);
    expect(await page.textContent("#run-now")).toContain("escalate large");
    expect(await page.$$eval("#runs .running", (items) => items.length)).toBe(1);
    await large.release();
    const report = await page.waitForSelector("#run-now a");
    expect(await lit(page)).toContain("__end__");
    expect((await lit(page)).join()).not.toContain("!");
    expect(await page.textContent("#run-now .answer")).toBe("A longer answer");
    expect(await page.textContent("#progress")).toBe("nested: answered");
    expect(await page.$$eval("#graph g.edge.ran", (edges) => edges.length)).toBeGreaterThan(4);
    await report.click();
    await page.waitForURL("**/ui/runs/page-*");
    expect(await page.textContent("h1")).toBe("Why is the sea salty?");
    expect(await page.$$eval("picture img", ([image]) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(
      100,
    );
    expect(await page.evaluate(() => getComputedStyle(document.querySelector("section")!).borderRadius)).not.toBe(
      "0px",
    );
  });

  it("shows runs of others as they come, with texts that stay texts", async () => {
    const page = await open();
    await live(page);
    expect(await page.isVisible("#no-runs")).toBe(true);
    await post("echo", bad);
    await page.waitForSelector("#runs .ok");
    expect(await page.isVisible("#no-runs")).toBe(false);
    await post("failing", "Does it work?");
    await page.waitForSelector("#runs .error");
    expect(await page.textContent("#runs .failure")).toContain("No model answered");
    expect(await page.$$eval("#runs a.question", (links) => links.map((link) => link.textContent))).toEqual([
      "Does it work?",
      bad,
    ]);
    await page.waitForFunction(() => document.querySelector("#limits")!.textContent!.includes("broken"));
    expect(await page.textContent("#spend .bad")).toContain("1 failed");
    expect(await page.textContent("#news")).toMatch(/echo answered|failing failed/);
    await page.click("#runs .ok a.question");
    await page.waitForURL("**/ui/runs/chatcmpl-*");
    expect(await page.textContent("h1")).toContain("<script>");
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  });

  it("marks the node that failed", async () => {
    const page = await open();
    await live(page);
    await page.selectOption("#model", "failing");
    await page.fill("#question", "Does it work?");
    await page.waitForFunction(() => document.querySelectorAll("#graph g.node").length === 3);
    await page.click("#ask button");
    await page.waitForSelector("#run-now a");
    expect(await page.$$eval("#graph .failed title", (titles) => titles.map((title) => title.textContent))).toEqual([
      "broken",
    ]);
    expect(await page.textContent("#run-now")).toContain("failed (server)");
    expect(await page.textContent("#progress")).toBe("failing: failed");
  });

  it("opens with a key, by a cookie that scripts cannot read", async () => {
    const page = await open({ apiKeys: ["the-key"] });
    await page.fill("#key", "wrong");
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=alert]");
    await page.fill("#key", "the-key");
    await page.keyboard.press("Enter");
    await live(page);
    expect(page.url()).toBe(`${server!.url}/ui`);
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/ui" });
    expect(await page.evaluate(() => document.cookie)).toBe("");
    await post("echo", "Hi", { authorization: "Bearer the-key" });
    await page.waitForSelector("#runs .ok");
    expect(await page.content()).not.toContain("the-key");
    expect(await page.textContent("#runs .facts")).toContain("key 1");
    await page.click("text=Sign out");
    await page.waitForSelector("#key");
    expect(await context.cookies()).toEqual([]);
  });

  it("fits a phone, follows a dark theme, and is read in order by its roles", async () => {
    const page = await open(
      {},
      { viewport: { width: 375, height: 700 }, colorScheme: "dark", reducedMotion: "reduce" },
    );
    await live(page);
    await post("echo", "A long question ".repeat(20));
    await page.waitForSelector("#runs .ok");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(13, 17, 23)");
    const tree = await page.ariaSnapshot();
    for (const line of [
      '- heading "multimodel" [level=1]',
      '- region "Ask":',
      '- textbox "Question"',
      '- combobox "Model or graph"',
      '- region "Runs":',
      '- list "Latest runs, newest first":',
      '- region "Spent today (UTC)":',
      '- columnheader "Cost"',
      '- region "Limits":',
    ])
      expect(tree).toContain(line);
    const reached: string[] = [];
    for (let presses = 0; presses < 8; presses++) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(() => document.activeElement!.id || document.activeElement!.className));
    }
    expect(reached.slice(0, 4)).toEqual(["skip", "compare", "question", "model"]);
    expect(reached).toContain("question");
    expect(await page.$eval("#news", (element) => element.getAttribute("role"))).toBe("status");
  });

  it.each([1280, 375])("compares variants and times of the kept runs, %i pixels wide", async (width) => {
    const judged = (text: string) =>
      createQualityGate({
        model: { model: new FakeListChatModel({ responses: [text] }), price },
        verify: ({ answer }) => ({ pass: true, score: answer.text.length / 8 }),
      });
    const models = { short: judged("Hi"), long: judged("Hello") };
    const graphs = { split: createExperiment({ models, weights: { short: 1, long: 1 }, seed: "page" }) };
    const page = await open({ graphs }, { viewport: { width, height: 800 }, colorScheme: "dark" });
    for (let count = 0; count < 12; count++) await (await post("split", `Question ${count}`)).text();
    await page.click("text=Compare");
    await page.waitForURL("**/ui/compare");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const tree = await page.ariaSnapshot();
    expect(tree).toContain('- heading "Variants of split" [level=2]');
    expect(tree).toContain('- table "Variants of split at assignment":');
    expect(tree).toMatch(/- row "Judged score":[\s\S]*- cell "0\.250 0\.250 to 0\.250"/);
    await page.fill("#at", "2030-01-01T00:00:00");
    await page.selectOption("#model", "split");
    await page.click("button");
    await page.waitForURL("**/ui/compare?*");
    expect(await page.textContent("main")).toContain("There are no runs on both sides of this time.");
    expect(await page.inputValue("#at")).toMatch(/^2030-01-01T00:00/);
    expect(await page.inputValue("#model")).toBe("split");
  });

  it("goes on after the server was started again", async () => {
    const page = await open();
    await live(page);
    await post("echo", "Before");
    await page.waitForSelector("#runs .ok");
    const { port } = new URL(server!.url);
    await server!.close(0);
    await page.waitForSelector("#live.off");
    problems.length = 0; // Chromium reports the refused connection
    server = await serve(
      { models: { again: new FakeListChatModel({ responses: ["Hi"] }) }, ui: true },
      { port: Number(port) },
    );
    await page.waitForFunction(() => document.querySelector("#model")?.textContent === "again (one model)", undefined, {
      timeout: 60_000,
    });
    await live(page);
    expect(await page.isVisible("#no-runs")).toBe(true);
    problems.length = 0;
  });
});
