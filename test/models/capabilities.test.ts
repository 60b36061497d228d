import { SimpleChatModel } from "@langchain/core/language_models/chat_models";
import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  AllModelsFailedError,
  asChatModel,
  byCapability,
  type Capabilities,
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createPipeline,
  createQualityGate,
  createRouter,
  type Decision,
  firstOf,
  InvalidOptionError,
  type Model,
  type ModelEntry,
  majorityVote,
} from "../../src/index.js";
import { keptLedger } from "../../src/ledger/kept-ledger.js";
import { capabilitiesThatAre, entryCapabilities, readCapabilities } from "../../src/models/capabilities.js";
import { resolve } from "../../src/models/resolve.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback({
  reply: ({ tools, model }) =>
    tools.length > 0 ? { toolCalls: [{ name: tools[0]!, args: { q: model } }] } : `by ${model}`,
});

/** A client whose profile is what it is given. */
class Profiled extends ChatOpenAI {
  constructor(
    model: string,
    private readonly said: object,
  ) {
    super({ model, apiKey: "sk-test-key", configuration: { baseURL: server.openaiUrl } });
  }
  override get profile() {
    return this.said;
  }
}

/** A client that binds no tools. */
class Toolless extends SimpleChatModel {
  _llmType() {
    return "toolless";
  }
  async _call() {
    return "Hi";
  }
}

const search = tool(() => "found", { name: "search", description: "Searches", schema: z.object({ q: z.string() }) });
const picture = new HumanMessage({
  content: [{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }],
});
const asked = () => server.requests.map(({ model }) => model);
const skips = (decisions: readonly Decision[]) =>
  decisions.filter(({ kind }) => kind === "skip").map(({ chosen, reason }) => [chosen, reason]);

describe("capabilities of a model", () => {
  it.each<[string, object, Capabilities]>([
    ["no profile", {}, {}],
    ["a window alone", { maxInputTokens: 8192 }, {}],
    ["tools alone", { toolCalling: true }, { tools: true }],
    ["no tools", { toolCalling: false }, { tools: false }],
    [
      "no tools, and a choice among them",
      { toolCalling: false, toolChoice: true, imageInputs: false },
      { vision: false },
    ],
    ["words for truth values", { toolCalling: "no", imageInputs: null }, {}],
  ])("are what a profile says, and unknown where it says nothing: %s", (_what, profile, expected) => {
    expect(resolve(new Profiled("x", profile)).capabilities).toEqual(expected);
  });

  it("are all in a list, and beside the profile's in an object", () => {
    const model = new Profiled("x", { toolCalling: false, imageInputs: true });
    expect(resolve({ model, capabilities: ["tools"] }).capabilities).toEqual({
      tools: true,
      vision: false,
      audio: false,
      json: false,
    });
    expect(resolve({ model, capabilities: { tools: true } }).capabilities).toEqual({ tools: true, vision: true });
  });

  it("go into an entry as a list where none is open, and come out the same", () => {
    for (const known of [{}, { tools: true }, { tools: true, vision: false, audio: false, json: true }]) {
      expect(readCapabilities(entryCapabilities(known))).toEqual(known);
    }
    expect(entryCapabilities({ tools: true, vision: false, audio: false, json: true })).toEqual(["tools", "json"]);
    expect(capabilitiesThatAre(undefined, { tools: true })).toEqual(["vision", "audio", "json"]);
  });

  it.each([[["tool"]], ["tools"], [{ tool: true }], [{ tools: "yes" }], [5], [null]])(
    "are refused as %o",
    (capabilities) => {
      const entry = { model: new Profiled("x", {}), capabilities } as unknown as ModelEntry;
      expect(() => createFallback({ models: { a: entry } })).toThrow(InvalidOptionError);
      expect(() => createFallback({ models: { a: entry } })).toThrow(
        /createFallback\.models\.a\.capabilities.*vision, audio, tools, json/s,
      );
    },
  );

  it("reach a route with what is open", async () => {
    const seen: unknown[] = [];
    const graph = createRouter({
      models: {
        a: new Profiled("a", { toolCalling: true }),
        b: new Profiled("b", {}),
        c: { model: new Profiled("c", {}), capabilities: ["json"] },
      },
      route: ({ models, needs }) => {
        for (const { capabilities, unknownCapabilities } of models) seen.push([capabilities, unknownCapabilities]);
        seen.push(needs);
        return "a";
      },
    });
    await asChatModel(graph).bindTools([search]).invoke("Hi");
    expect(seen).toEqual([[["tools"], ["vision", "audio", "json"]], [undefined, undefined], [["json"], []], ["tools"]]);
  });
});

const patterns: Record<
  string,
  (models: Record<"small" | "large", Model | ModelEntry>) => Parameters<typeof asChatModel>[0]
> = {
  createFallback: (models) => createFallback({ models }),
  createCascade: (models) => createCascade({ models, verify: check(() => true) }),
  createRouter: ({ small, large }) => createRouter({ models: { small }, route: () => "small", fallback: large }),
  createQualityGate: ({ small, large }) =>
    createQualityGate({ model: small, verify: check(() => true), fallback: large }),
};

describe.each(Object.keys(patterns))("tools of the caller in %s", (name) => {
  const build = (small: Model | ModelEntry) =>
    asChatModel(patterns[name]!({ small, large: new Profiled("large", {}) })).bindTools([search]);

  it.each([[{}], [{ maxInputTokens: 8192 }], [{ toolCalling: false, toolChoice: true }]])(
    "are for a model whose profile is %o",
    async (profile) => {
      await build(new Profiled("small", profile)).invoke("Search");
      expect(asked()).toEqual(["small"]);
    },
  );

  it.each<[string, () => Model | ModelEntry, RegExp]>([
    [
      "its profile",
      () => new Profiled("small", { toolCalling: false, imageInputs: true }),
      /^it has no tools by its profile; if it can, write capabilities: \["vision", "tools"\] into its entry$/,
    ],
    [
      "its entry",
      () => ({ model: new Profiled("small", { toolCalling: true }), capabilities: ["json"] }),
      /^it has no tools$/,
    ],
    ["its client", () => new Toolless({}), /^it has no tools: its client has no bindTools$/],
  ])("pass over a model that has none by %s, and a decision says so", async (_by, small, reason) => {
    const answer = await build(small()).invoke("Search");
    expect(asked()).toEqual(["large"]);
    const [[, said] = []] = skips(keptLedger(answer).decisions);
    expect(said).toMatch(reason);
  });

  it("pass nothing over where an entry says that it can", async () => {
    await build({ model: new Profiled("small", { toolCalling: false }), capabilities: { tools: true } }).invoke(
      "Search",
    );
    expect(asked()).toEqual(["small"]);
  });
});

describe("a model that cannot", () => {
  it("is left alone where it is the only one, and the error names the way out", async () => {
    const model = asChatModel(createFallback({ models: { a: new Profiled("a", { toolCalling: false }) } })).bindTools([
      search,
    ]);
    const error = await model.invoke("Search").catch((thrown: unknown) => thrown);
    expect(AllModelsFailedError.isInstance(error)).toBe(true);
    expect((error as Error).message).toContain('write capabilities: ["tools"] into its entry');
    expect(asked()).toEqual([]);
  });

  it("is a lane that fails beside others, with a decision", async () => {
    const models = { a: new Profiled("a", { toolCalling: false }), b: new Profiled("b", {}), c: new Profiled("c", {}) };
    const model = asChatModel(createEnsemble({ models, aggregate: majorityVote(), stopEarly: false }));
    const answer = await model.bindTools([search]).invoke("Search");
    expect(skips(keptLedger(answer).decisions)).toEqual([["a", expect.stringContaining("it has no tools")]]);
    expect(asked().sort()).toEqual(["b", "c"]);
  });

  it("is asked in a stage whose answer is not returned", async () => {
    const stages = { plan: new Profiled("plan", { toolCalling: false }), write: new Profiled("write", {}) };
    await asChatModel(createPipeline({ stages })).bindTools([search]).invoke("Search");
    expect(asked()).toEqual(["plan", "write"]);
  });

  it("see is passed over for one that may", async () => {
    const run = async (profile: object) => {
      const models = { small: new Profiled("small", profile), large: new Profiled("large", {}) };
      return createFallback({ models })
        .compile()
        .invoke({ messages: [picture] });
    };
    expect((await run({ toolCalling: true })).modelUsed).toBe("small");
    const { modelUsed, decisions } = await run({ imageInputs: false });
    expect(modelUsed).toBe("large");
    expect(skips(decisions)).toEqual([["small", expect.stringContaining("it cannot see images by its profile")]]);
  });

  it("write to a JSON schema is passed over for one that may", async () => {
    server.reply("large", '{"a":1}');
    const response_format = { type: "json_schema", json_schema: { name: "x", schema: { type: "object" } } };
    const models = { small: new Profiled("small", { structuredOutput: false }), large: new Profiled("large", {}) };
    const model = asChatModel(createFallback({ models })).withConfig({ response_format } as object);
    const answer = await model.invoke("Hi");
    expect(skips(keptLedger(answer).decisions)).toEqual([["small", expect.stringContaining("it has no JSON output")]]);
  });
});

describe("byCapability", () => {
  it("takes a model that may before none, and those that can before it", async () => {
    const route = firstOf(byCapability<string>(), () => "blind");
    const choose = async (models: Record<string, Model | ModelEntry>) =>
      (
        await createRouter({ models, route: route as never })
          .compile()
          .invoke({ messages: [picture] })
      ).route;
    const blind = new Profiled("blind", { imageInputs: false });
    const may = new Profiled("may", { toolCalling: true });
    expect(await choose({ blind, may })).toBe("may");
    expect(await choose({ blind, may, sees: new Profiled("sees", { imageInputs: true }) })).toBe("sees");
  });

  it("counts tools the caller bound", async () => {
    const models = { a: new Profiled("a", { toolCalling: false }), b: new Profiled("b", { toolCalling: true }) };
    const graph = createRouter({ models, route: firstOf(byCapability(), () => "a" as const) });
    await asChatModel(graph).bindTools([search]).invoke("Search");
    expect(asked()).toEqual(["b"]);
  });
});
