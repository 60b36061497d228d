import { describe, expect, it } from "vitest";
import { ContentGenerator } from "../../examples/clients/content-generator.js";
import { CostTracker } from "../../examples/clients/cost-tracker.js";
import { NarrativeGenerator } from "../../examples/clients/narrative-generator.js";
import type { Tiers } from "../../examples/clients/tiers.js";
import { failWith } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();

function tiers(): Tiers {
  const once = { retry: false, price: { input: 1, output: 1 } } as const;
  return {
    small: { model: providers.ChatOpenAI(server, "small"), ...once },
    medium: { model: providers.ChatOpenAI(server, "medium"), ...once },
    large: { model: providers.ChatGoogleGenerativeAI(server, "large"), ...once },
    premium: { model: providers.ChatOpenAI(server, "premium"), ...once },
  };
}

const asked = () => server.requests.map(({ model }) => model);
/** Temperature and token limit as the provider was sent them. */
function settings() {
  return server.requests.map(({ model, body }) => {
    const { temperature, max_tokens, max_completion_tokens, generationConfig } = body as Record<string, never>;
    const sent = generationConfig ?? { temperature, maxOutputTokens: max_tokens ?? max_completion_tokens };
    return [model, sent.temperature, sent.maxOutputTokens];
  });
}

describe("NarrativeGenerator", () => {
  it("has each task done by its tier, at its temperature and within its limit of tokens", async () => {
    server.reply("small", "A low room.");
    server.reply("medium", "It leaps.", "Halt!");
    server.reply("large", "You fly.");
    const narrator = new NarrativeGenerator({ tiers: tiers() });
    expect(await narrator.describe("a tavern")).toBe("A low room.");
    expect(await narrator.narrate("a goblin attacks")).toBe("It leaps.");
    expect(await narrator.dialogue("the guard", "at the gate")).toBe("Halt!");
    expect(await narrator.narrate("the bridge breaks", { critical: true })).toBe("You fly.");
    expect(settings()).toEqual([
      ["small", 0.6, 512],
      ["medium", 0.7, 1_024],
      ["medium", 0.8, 1_024],
      ["large", 0.8, 2_048],
    ]);
  });

  it("lets the premium model answer while a tier is down, and bills both", async () => {
    server.reply("small", failWith.server());
    server.reply("premium", "A hall.");
    const narrator = new NarrativeGenerator({ tiers: tiers() });
    expect(await narrator.describe("a hall")).toBe("A hall.");
    expect(narrator.costs.calls.map(({ path, status }) => [path, status])).toEqual([
      ["small", "error"],
      ["fallback", "ok"],
    ]);
  });
});

describe("ContentGenerator", () => {
  const npc = { name: "Mira", occupation: "smith", secret: "She cannot swim." };
  const quest = { title: "The Silent Bell", steps: ["Find the clapper"], reward: 200 };
  const item = { name: "Moonblade", rarity: "legendary" };

  it("returns parsed objects, each from the tier of its task", async () => {
    server.reply("large", `\`\`\`json\n${JSON.stringify(npc)}\n\`\`\``);
    server.reply("premium", JSON.stringify(quest));
    server.reply("medium", `Here it is: ${JSON.stringify(item)}`);
    const content = new ContentGenerator({ tiers: tiers() });
    expect(await content.generateNpc("a smith")).toEqual(npc);
    expect(await content.generateQuest("a bell")).toEqual(quest);
    expect(await content.generateItem("a blade")).toEqual(item);
    expect(settings()).toEqual([
      ["large", 0.9, 2_048],
      ["premium", 0.8, 4_096],
      ["medium", 0.9, 1_024],
    ]);
    expect(server.requests[0]!.messages[0]).toMatchObject({
      role: "system",
      text: expect.stringContaining('"secret"'),
    });
  });

  it.each([
    ["no JSON", "A blade of moonlight."],
    ["broken JSON", '{ "name": "Moonblade", '],
    ["JSON of another form", '{ "name": "Moonblade", "rarity": "holy" }'],
    ["a number instead of an object", "42"],
  ])("asks the premium model when a cheap one gives %s, and bills both", async (_title, answer) => {
    server.reply("medium", answer);
    server.reply("premium", JSON.stringify(item));
    const content = new ContentGenerator({ tiers: tiers() });
    expect(await content.generateItem("a blade")).toEqual(item);
    expect(asked()).toEqual(["medium", "premium"]);
    expect(content.costs.calls.map(({ path, status }) => [path, status])).toEqual([
      ["tier/medium", "ok"],
      ["premium", "ok"],
    ]);
  });

  it("says what is wrong when the premium model fails too, and keeps the bill", async () => {
    server.reply("medium", "A stick.");
    server.reply("premium", '{ "name": "Stick", "rarity": "holy" }', "Sorry, a stick.");
    const content = new ContentGenerator({ tiers: tiers() });
    await expect(content.generateItem("a stick")).rejects.toMatchObject({
      name: "InvalidContentError",
      kind: "item",
      answer: '{ "name": "Stick", "rarity": "holy" }',
      message: expect.stringMatching(/^No model gave a valid item: the JSON has another form.*rarity/s),
    });
    await expect(content.generateItem("a stick")).rejects.toThrow("No model gave a valid item: the answer is not JSON");
    expect(asked()).toEqual(["medium", "premium", "medium", "premium"]);
    expect(content.costs.calls).toHaveLength(4);
  });

  it("throws the library's own error when no model answers at all, and keeps the bill", async () => {
    for (const model of ["large", "premium"]) server.reply(model, failWith.server({ status: 503 }));
    const content = new ContentGenerator({ tiers: tiers() });
    await expect(content.generateNpc("a smith")).rejects.toMatchObject({ name: "AllModelsFailedError" });
    expect(content.costs.calls.length).toBe(server.requests.length);
    expect(content.costs.calls.every(({ status }) => status === "error")).toBe(true);
  });
});

describe("CostTracker", () => {
  it("puts clients that share it on one bill", async () => {
    const usage = { inputTokens: 1_000, outputTokens: 500 };
    server.reply("small", { text: "A room.", usage });
    server.reply("medium", { text: '{ "name": "Stick", "rarity": "common" }', usage });
    const costs = new CostTracker();
    await new NarrativeGenerator({ tiers: tiers(), costs }).describe("a room");
    await new ContentGenerator({ tiers: tiers(), costs }).generateItem("a stick");
    expect(costs.totalUsd).toBeCloseTo(0.003, 10);
    const [header, ...rows] = costs.report().split("\n");
    expect(header).toMatch(/^model .*calls .*tokens in .*out .*cost USD +%$/);
    expect(rows.map((row) => row.split(/\s+/).filter((_, column) => column < 6 || column > 8))).toEqual([
      ["small", "1", "50", "0", "1000", "500", "0.001500", "50"],
      ["medium", "1", "50", "0", "1000", "500", "0.001500", "50"],
      ["total", "2", "100", "0", "2000", "1000", "0.003000", "100"],
    ]);
  });

  it("does not take an unknown price for nothing", async () => {
    const { small, ...others } = tiers();
    const narrator = new NarrativeGenerator({ tiers: { small: { ...small, price: null }, ...others } });
    await narrator.describe("a room");
    expect(narrator.costs.totalUsd).toBeNull();
  });
});
