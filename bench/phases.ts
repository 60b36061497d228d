// What byPhase saves on a recorded run of an agent: npm run bench:phases
//   npm run bench:phases -- --record    runs the agent again and writes bench/phases.json
//
// The agent reads the pages of this repository with tools that really run, some of them for files that are not there. What it
// calls is a script, so the run says what a long run costs and nothing about how well a model does it. Tokens are bytes / 4.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { z } from "zod";
import { lookUpPrice } from "../src/ledger/price.js";
import { byPhase, routerMiddleware } from "../src/middleware/index.js";
import { type LoopbackRequest, startLoopbackServer } from "../src/testing/index.js";

/** One step: what the conversation ended with, and the tokens of the call. */
type Step = readonly [ends: "question" | "result" | "error", inputTokens: number, outputTokens: number];

const file = new URL("phases.json", import.meta.url);
const prices = { large: priceOf("gpt-4.1"), small: priceOf("gpt-4.1-mini") };
const phases = { plan: "large", act: "small", recover: "large" } as const;

if (process.argv.includes("--record")) await record();
show(JSON.parse(readFileSync(file, "utf8")) as readonly Step[]);

/** Runs the agent over a loopback server and keeps the facts of its ledger. */
async function record(): Promise<void> {
  const docs = new URL("../docs/", import.meta.url);
  const pages = readdirSync(docs).filter((name) => name.endsWith(".md"));
  const decisions = readdirSync(new URL("decisions/", docs)).map((name) => `decisions/${name}`);
  const asked = [...pages, ...decisions].flatMap((name, at) => (at % 9 === 4 ? [`${name}.old`, name] : [name]));
  const read = tool(({ page }) => readFileSync(new URL(page, docs), "utf8").slice(0, 1_500), {
    name: "read_page",
    description: "Reads the beginning of a page of the documentation",
    schema: z.object({ page: z.string() }),
  });
  const reply = ({ messages }: LoopbackRequest) => {
    const page = asked[messages.filter(({ role }) => role === "tool").length];
    const text = page === undefined ? "Each page has a title and one subject. ".repeat(20) : `Next is ${page}.`;
    const inputTokens = Math.ceil(Buffer.byteLength(messages.map((message) => message.text).join("")) / 4);
    const usage = { inputTokens, outputTokens: Math.ceil((text.length + (page?.length ?? 0)) / 4) + 10 };
    return { text, usage, ...(page !== undefined && { toolCalls: [{ name: "read_page", args: { page } }] }) };
  };
  await using server = await startLoopbackServer({ reply });
  const model = (name: string) =>
    new ChatOpenAI({ model: name, apiKey: "none", configuration: { baseURL: server.openaiUrl } });
  const [small, large] = [model("gpt-4.1-mini"), model("gpt-4.1")];
  const route = byPhase(phases);
  const agent = createAgent({
    ...{ model: large, tools: [read], systemPrompt: "Read every page and say what they have in common." },
    middleware: [routerMiddleware({ models: { small, large }, route })],
  });
  const { calls, messages } = await agent.invoke({ messages: "Which style have the pages?" }, { recursionLimit: 500 });
  const ends = messages.flatMap((message, at) => (message.type === "ai" ? [endOf(messages[at - 1]!)] : []));
  const steps = calls.map(({ usage }, at): Step => [ends[at]!, usage!.inputTokens, usage!.outputTokens]);
  writeFileSync(file, `${JSON.stringify(steps).replaceAll("],[", "],\n[")}\n`);
}

function priceOf(model: string) {
  const { input, output, cacheRead = input } = lookUpPrice(model)!;
  return { input, output, cacheRead };
}

function endOf(message: BaseMessage): Step[0] {
  if (!ToolMessage.isInstance(message)) return "question";
  return message.status === "error" ? "error" : "result";
}

/** Prints what the steps cost with one model, and with the models that the route chooses for them. */
function show(steps: readonly Step[]): void {
  const route = byPhase(phases);
  const chosen = steps.map(([ends]) => Object(route({ messages: conversation(ends) } as never)).name as string);
  const count = (end: Step[0]) => steps.filter(([ends]) => ends === end).length;
  const counts = `${count("question")} planned, ${count("result")} after results, ${count("error")} after errors`;
  console.log(`${steps.length} steps: ${counts}\n`);
  console.log("| models | steps of gpt-4.1 | USD, nothing cached | USD, prompts cached |\n|---|---|---|---|");
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["gpt-4.1", steps.map(() => "large")],
    ["gpt-4.1-mini", steps.map(() => "small")],
    ["byPhase", chosen],
  ];
  for (const [name, models] of rows) {
    const [plain, cached] = [false, true].map((isCached) => cost(steps, models, isCached).toFixed(4));
    console.log(`| ${name} | ${models.filter((model) => model === "large").length} | ${plain} | ${cached} |`);
  }
}

/** Returns the shortest conversation that ends as the one of a step did. */
function conversation(ends: Step[0]): BaseMessage[] {
  const question = new HumanMessage("Q");
  if (ends === "question") return [question];
  const call = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "read_page", args: {} }] });
  const status = ends === "error" ? "error" : "success";
  return [question, call, new ToolMessage({ content: "", tool_call_id: "1", status })];
}

/** @param isCached true where a provider reads what a model has seen before from its cache; each model has a cache of its own */
function cost(steps: readonly Step[], models: readonly string[], isCached: boolean): number {
  const seen = new Map<string, number>();
  return steps.reduce((sum, [, input, output], at) => {
    const model = models[at]!;
    const { input: fresh, cacheRead, output: written } = prices[model as keyof typeof prices];
    const known = isCached ? Math.min(seen.get(model) ?? 0, input) : 0;
    seen.set(model, input);
    return sum + (known * cacheRead + (input - known) * fresh + output * written) / 1e6;
  }, 0);
}
