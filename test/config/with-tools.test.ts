import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Config, withTools } from "../../src/config/index.js";
import { ConfigError, InvalidOptionError } from "../../src/errors/index.js";
import { calling } from "../agents/clients.js";
import { useLoopback } from "../support/use-loopback.js";
import { load } from "./support/parse.js";

const shop = fileURLToPath(new URL("../../examples/support/mcp-server.ts", import.meta.url));
const tsx = import.meta.resolve("tsx");

const { server } = useLoopback();

/** The shop is a process; `gone` is a command that is not there. */
const team = (): Promise<Config> =>
  load(`models:
  buyer: { provider: openai, model: gpt-buyer, baseUrl: "${server.openaiUrl}", mcpServers: [shop], parameters: { seed: 1 }, limit: { concurrency: 1 } }
  plain: { provider: openai, model: gpt-plain, baseUrl: "${server.openaiUrl}" }
  lost: { provider: openai, model: gpt-lost, baseUrl: "${server.openaiUrl}", mcpServers: [gone] }
mcpServers:
  shop: { command: ${process.execPath}, args: ["--import", "${tsx}", "${shop}"] }
  gone:
    command: no-such-command
tiers: { high: buyer }
routing: { table: { sums: { simple: high } }, default: plain }
graphs:
  alone: { pattern: fallback, models: [plain] }
  sale:
    pattern: pipeline
    stages:
      first: plain
      talk: { model: inner, context: fullHistory }
      order: { model: buyer, systemPrompt: Order it., parameters: { temperature: 0.1 } }
  inner: { pattern: cascade, models: [plain, buyer], verify: { judge: buyer } }
  broken: { pattern: fallback, models: [lost] }
`);

const toolsOf = (model: string) => server.requests.filter((each) => each.model === model).map(({ tools }) => tools);
const tea = calling("price", { article: "tea" }, "Tea is 4 EUR.");

describe("withTools", () => {
  it("gives graphs models with their tools, in graphs of graphs and stages with settings of their own", async () => {
    server.reply("gpt-buyer", tea);
    const config = await team();
    const { models, graphs, close } = await withTools(config, ["sale"]);
    expect(models).toEqual({});
    expect(Object.keys(graphs)).toEqual(["sale"]);
    try {
      const { messages } = await graphs.sale!.compile().invoke({ messages: "What is tea?" });
      expect(messages.at(-1)!.text).toBe("Tea is 4 EUR.");
    } finally {
      await close();
    }
    const last = server.requests.at(-1)!;
    expect(last).toMatchObject({ model: "gpt-buyer", body: { temperature: 0.1, seed: 1 } });
    expect(last.messages.map(({ role }) => role)).toContain("tool");
    expect(last.messages[0]).toMatchObject({ role: "system", text: "Order it." });
    expect(toolsOf("gpt-plain").flat()).toEqual([]);
  });

  it("gives the implied routing its tools, through tiers", async () => {
    server.reply("gpt-buyer", tea);
    const { graphs, close } = await withTools(await team(), ["routing"]);
    try {
      const context = { task: "sums", complexity: "simple" };
      const { messages, calls } = await graphs.routing!.compile().invoke({ messages: "What is tea?" }, { context });
      expect(messages.at(-1)!.text).toBe("Tea is 4 EUR.");
      expect(calls.length).toBeGreaterThan(1); // the agent's own calls are in the ledger
      expect(toolsOf("gpt-buyer")[0]).toContain("price");
    } finally {
      await close();
    }
  });

  it("asks a judge for its form, without tools", async () => {
    server.reply("gpt-buyer", "Score: 9/10");
    const { graphs, close } = await withTools(await team(), ["inner"]);
    try {
      await graphs.inner!.compile().invoke({ messages: "Hi" });
    } finally {
      await close();
    }
    expect(toolsOf("gpt-buyer").flat()).not.toContain("price");
  });

  it("keeps a model one model: model and graph share its limit, and the agent is one", async () => {
    const config = await team();
    const { models, close } = await withTools(config, ["buyer", "inner"]);
    await close();
    expect(models.buyer!.limit).toBe(config.models.buyer!.limit);
    expect(models.buyer!.model).not.toBe(config.models.buyer!.model);
  });

  it("starts no server nobody asked for", async () => {
    const config = await team();
    const { graphs, models, close } = await withTools(config, ["alone", "plain"]); // `gone` cannot be started
    expect(graphs.alone).toBe(config.graphs.alone);
    expect(models.plain).toBe(config.models.plain);
    await close();
  });

  it("tells the line of a server that does not start", async () => {
    const error = await withTools(await team(), ["broken"]).catch((thrown: unknown) => thrown);
    expect(ConfigError.isInstance(error)).toBe(true);
    expect((error as ConfigError).problems).toEqual([
      {
        path: "mcpServers.gone",
        line: 7,
        message: expect.stringMatching(/^does not start; fix its command \(.*ENOENT/),
      },
    ]);
  });

  it.each(["nope", "constructor"])("refuses a name the file does not have: %s", async (name) => {
    await expect(withTools(await team(), [name])).rejects.toThrow(InvalidOptionError);
  });
});

describe("Config", () => {
  it("says of which models each graph is made", async () => {
    const { members } = await team();
    expect(members).toEqual({
      routing: ["plain", "buyer"],
      alone: ["plain"],
      sale: ["plain", "buyer"],
      inner: ["plain", "buyer"],
      broken: ["lost"],
    });
  });
});
