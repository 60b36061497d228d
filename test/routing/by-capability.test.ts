import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { describe, expect, it, vi } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import type { Capability } from "../../src/models/model.js";
import { createRouter } from "../../src/patterns/create-router.js";
import { byCapability } from "../../src/routing/by-capability.js";
import { byContextWindow } from "../../src/routing/by-context-window.js";
import { firstOf } from "../../src/routing/first-of.js";
import { neededCapabilities } from "../../src/routing/needed-capabilities.js";
import { qualityFocused } from "../../src/routing/quality-focused.js";
import { type RoutableModel, type Route, toChoice } from "../../src/routing/route.js";
import { saying } from "../support/fakes.js";
import { itOverClients } from "../support/over-clients.js";
import { routeTurn } from "./turn.js";

type Models = Readonly<Record<string, readonly Capability[] | undefined>>;
const holding = (block: object) =>
  new HumanMessage({ content: [{ type: "text", text: "What is this?" }, block] as never });
const image = holding({ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } });
const audio = holding({ type: "input_audio", input_audio: { data: "", format: "wav" } });
const toolCall = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "add", args: {} }] });
const toolResult = new ToolMessage({ content: "2", tool_call_id: "1" });

async function choose(messages: BaseMessage[], capabilities: Models, needs?: readonly Capability[]) {
  const models = Object.entries(capabilities).map(([name, known]) => ({ name, ...(known && { capabilities: known }) }));
  const route = byCapability<string>(needs === undefined ? {} : { needs });
  return toChoice(await route(routeTurn<string>(messages, models).turn));
}

describe("neededCapabilities", () => {
  it.each<[Capability[], object]>([
    [["vision"], { type: "image", mimeType: "image/png", data: "" }],
    [["vision"], { type: "image", source_type: "url", url: "https://example.com/a.png" }],
    [["vision"], { type: "input_image", image_url: "" }],
    [["vision"], { type: "media", mimeType: "image/webp", data: "" }],
    [["vision"], { type: "file", mime_type: "image/jpeg", data: "" }],
    [["vision"], { inlineData: { mimeType: "image/png", data: "" } }],
    [["audio"], { type: "audio", data: "" }],
    [["audio"], { type: "media", mimeType: "audio/mpeg", data: "" }],
    [[], { type: "file", mimeType: "application/pdf", data: "" }],
    [[], { type: "constructor" }],
    [[], { type: "text", text: "image/png" }],
  ])("finds %o in %o", (needed, block) => {
    expect([...neededCapabilities([holding(block)])]).toEqual(needed);
  });

  it("finds tools in calls and results, and looks at the whole conversation", () => {
    expect([...neededCapabilities([toolCall])]).toEqual(["tools"]);
    expect([...neededCapabilities([toolResult])]).toEqual(["tools"]);
    expect([...neededCapabilities([image, new AIMessage("A cat"), audio, toolResult])]).toEqual([
      "vision",
      "audio",
      "tools",
    ]);
    expect([...neededCapabilities([new HumanMessage("Hi"), new AIMessage("Hello")])]).toEqual([]);
  });
});

describe("byCapability", () => {
  it("chooses the first model that can see an image, and says why others cannot", async () => {
    expect(await choose([image], { blind: ["tools"], gemini: ["vision", "tools"], other: ["vision"] })).toEqual({
      name: "gemini",
      reason: "the request needs vision",
      skipped: [{ name: "blind", reason: "it cannot see images" }],
    });
  });

  it("chooses one that can do everything that is needed", async () => {
    const models: Models = {
      eyes: ["vision"],
      ears: ["audio"],
      hands: ["tools"],
      all: ["vision", "audio", "tools", "json"],
    };
    expect((await choose([audio], models)).name).toBe("ears");
    expect((await choose([toolResult], models)).name).toBe("hands");
    expect((await choose([image, toolCall, toolResult], models)).name).toBe("all");
    expect((await choose([new HumanMessage("Hi")], models, ["json"])).name).toBe("all");
    expect((await choose([image], models, ["json"])).reason).toBe("the request needs json and vision");
  });

  it("makes no decision when nothing special is needed, or no model has it", async () => {
    expect(await choose([new HumanMessage("Hi")], { gemini: ["vision"] })).toEqual({
      name: undefined,
      reason: "the messages need no special capability",
    });
    expect(await choose([image], { a: ["tools"], b: [] })).toEqual({
      name: undefined,
      reason: "the request needs vision, which no model has",
    });
  });

  it("takes a model whose capabilities are unknown only after those known to have them", async () => {
    expect(await choose([image], { unknown: undefined, gemini: ["vision"] })).toMatchObject({
      name: "gemini",
      skipped: [{ name: "unknown", reason: "its capabilities are unknown" }],
    });
    expect(await choose([image], { blind: [], unknown: undefined, other: undefined })).toEqual({
      name: "unknown",
      reason: "the request needs vision; what unknown can do is unknown",
      skipped: [{ name: "blind", reason: "it cannot see images" }],
    });
  });

  it.each([[["sight"]], ["vision"], [[undefined]], [["constructor"]]])("refuses to need %o", (needs) => {
    expect(() => byCapability({ needs: needs as never })).toThrow(InvalidOptionError);
  });

  describe("choose", () => {
    const models: Models = { blind: [], first: ["vision"], second: ["vision"] };
    const among = async (messages: BaseMessage[], choose: Route<string, never>, all = models) => {
      const entries = Object.entries(all).map(([name, known]) => ({ name, ...(known && { capabilities: known }) }));
      return toChoice(await byCapability<string>({ choose })(routeTurn<string>(messages, entries).turn));
    };

    it("chooses among the models that can, and keeps what it says", async () => {
      const seen: string[] = [];
      const choice = await among([image], ({ models }) => {
        for (const { name } of models) seen.push(name);
        return { name: "second", scores: { second: 1 }, threshold: 0.5, reason: "it is cheap" } as never;
      });
      expect(seen).toEqual(["first", "second"]);
      expect(choice).toEqual({
        name: "second",
        scores: { second: 1 },
        threshold: 0.5,
        reason: "the request needs vision; it is cheap",
        skipped: [{ name: "blind", reason: "it cannot see images" }],
      });
    });

    it("chooses among all where nothing special is needed, and among unknown ones where none is known to do it", async () => {
      const last: Route<string, never> = ({ models }) => models.at(-1)!.name;
      expect((await among([new HumanMessage("Hi")], last)).name).toBe("second");
      expect(await among([image], last, { blind: [], one: undefined, two: undefined })).toMatchObject({
        name: "two",
        reason: "the request needs vision; what one, two can do is unknown; two is chosen",
      });
    });

    it("makes no decision where it makes none, where it names one that cannot, and where none can", async () => {
      const undecided = await among([image], () => ({ name: undefined, reason: "too hard" }));
      expect(undecided).toMatchObject({ name: undefined, reason: "the request needs vision; too hard" });
      expect(await among([image], () => "blind")).toMatchObject({
        name: undefined,
        reason: "the request needs vision; blind is chosen; blind is not among the models that can",
        skipped: [{ name: "blind", reason: "it cannot see images" }],
      });
      const choose = vi.fn(() => "blind");
      expect((await among([image], choose, { blind: [] })).name).toBeUndefined();
      expect(choose).not.toHaveBeenCalled();
    });

    it.each(["byLatency", {}, null])("refuses %o", (choose) => {
      expect(() => byCapability({ choose: choose as never })).toThrow(/byCapability\.choose/);
      expect(() => byContextWindow({ choose: choose as never })).toThrow(/byContextWindow\.choose/);
    });
  });

  it("routes runs of a graph: the model that cannot see is not asked", async () => {
    const blind = saying("hello");
    const models = {
      chat: { model: blind, capabilities: [] },
      sees: { model: saying("a cat"), capabilities: ["vision"] },
    } as const;
    const graph = createRouter({ models, route: firstOf(byCapability(), () => "chat") }).compile();
    const seen = await graph.invoke({ messages: [image] });
    expect(seen).toMatchObject({ modelUsed: "sees", decisions: [{ kind: "skip", chosen: "chat" }, { kind: "route" }] });
    expect(blind.callCount).toBe(0);
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("chat");
  });
});

describe("byCapability over real clients", () => {
  itOverClients(
    "sends the image to the model that sees, and nothing to the other",
    async ({ client, asked, server }) => {
      const models = {
        chat: { model: client("chat", "hello"), capabilities: [] },
        sees: { model: client("gemini-2.0-flash", "a cat"), capabilities: ["vision"] },
      } as const;
      const graph = createRouter({ models, route: firstOf(byCapability(), () => "chat") }).compile();
      expect((await graph.invoke({ messages: [image] })).messages.at(-1)!.text).toBe("a cat");
      expect(asked()).toEqual({ "gemini-2.0-flash": 1 }); // the client of Gemini knows by the id who sees
      expect(JSON.stringify(server.requests[0]!.body)).toContain("iVBORw0KGgo=");
    },
  );
});

describe("qualityFocused", () => {
  it("chooses by what must be read, then by what must be held, then the first", async () => {
    const models = [
      { name: "large", capabilities: ["tools"], contextWindow: 2_000 },
      { name: "sees", capabilities: ["vision"], contextWindow: 2_000 },
      { name: "long", capabilities: [], contextWindow: 50_000 },
    ] as const;
    const name = async (messages: BaseMessage[]) =>
      toChoice(await qualityFocused<string>()(routeTurn<string>(messages, models).turn)).name;
    expect(await name([new HumanMessage("Hi")])).toBe("large");
    expect(await name([image])).toBe("sees");
    expect(await name([new HumanMessage("x".repeat(40_000))])).toBe("long");
    expect(await name([new HumanMessage("x".repeat(400_000))])).toBeUndefined();
  });

  it("chooses one that sees and holds the request", async () => {
    const models = [
      { name: "blind", capabilities: [], contextWindow: 1_000_000 },
      { name: "short", capabilities: ["vision"], contextWindow: 8_000 },
      { name: "long", capabilities: ["vision"], contextWindow: 1_000_000 },
    ] as const;
    const { turn } = routeTurn<string>([new HumanMessage("x".repeat(200_000)), image], models);
    expect(await qualityFocused<string>()(turn)).toMatchObject({
      name: "long",
      reason: expect.stringMatching(
        /^the request needs vision; the conversation and its answer need about 51\d+ tokens; long/,
      ),
      skipped: [{ name: "blind", reason: "it cannot see images" }, { name: "short" }],
    });
  });

  it.each<[string, Readonly<Record<string, Partial<RoutableModel>>>, string, string]>([
    [
      "stated quality",
      { a: { quality: 0.7 }, b: { quality: 0.9 }, c: { tier: "frontier" } },
      "b",
      "stated quality, 0.9",
    ],
    [
      "tier where quality says nothing",
      { a: { tier: "small" }, b: { tier: "my-large" }, c: {} },
      "b",
      "tier, my-large",
    ],
    [
      "tier where quality is the same",
      { a: { quality: 1, tier: "nano" }, b: { quality: 1, tier: "mini" } },
      "b",
      "mini",
    ],
    ["no tier before a small one", { a: { tier: "fast" }, b: { tier: "eu-west" } }, "b", "tier, eu-west"],
    [
      "list price where tiers are equal",
      { a: {}, b: { price: { input: 1, output: 4 } }, c: { price: { input: 2, output: 2 } } },
      "b",
      "$5",
    ],
    ["a known price before an unknown one", { a: {}, b: { price: { input: 0, output: 0 } } }, "b", "$0"],
    ["key order last", { a: { tier: "large" }, b: { tier: "strong" } }, "a", "listed first"],
  ])("goes by %s", async (_, models, name, reason) => {
    const { turn } = routeTurn<string>(
      "Hi",
      Object.entries(models).map(([key, facts]) => ({ name: key, ...facts })),
    );
    expect(await qualityFocused<string>()(turn)).toMatchObject({ name, reason: expect.stringContaining(reason) });
  });

  it("reads the quality of entries, and refuses one on another scale", async () => {
    const models = { small: { model: saying("s"), quality: 0.5 }, large: { model: saying("l"), quality: 0.8 } };
    const { modelUsed } = await createRouter({ models, route: qualityFocused() }).compile().invoke({ messages: "Hi" });
    expect(modelUsed).toBe("large");
    const wrong = { small: { model: saying("s"), quality: 80 } };
    expect(() => createRouter({ models: wrong, route: qualityFocused() })).toThrow(
      /models\.small\.quality.*from 0 to 1/,
    );
  });

  it("stays with the first model, unless it cannot read or hold the request", async () => {
    const large = { model: saying("l", "l"), capabilities: ["tools"], contextWindow: 5_000 } as const;
    const sees = { model: saying("s"), capabilities: ["vision"], contextWindow: 3_000 } as const;
    const models = { large, sees, unknown: saying("u") };
    const graph = createRouter({ models, route: qualityFocused() }).compile();
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("large");
    expect((await graph.invoke({ messages: [image] })).modelUsed).toBe("sees");
    expect((await graph.invoke({ messages: "x".repeat(40_000) })).modelUsed).toBe("unknown");
  });
});
