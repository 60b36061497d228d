import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import {
  createEnsemble,
  firstAnswer,
  InvalidOptionError,
  longest,
  majorityVote,
  QuorumNotReachedError,
  synthesizeWith,
} from "../../src/index.js";
import { httpError, saying, shapeOf } from "../support/fakes.js";
import { useLoopback } from "../support/use-loopback.js";

const failing = (status = 500) => ({ model: saying(httpError(status)), retry: false }) as const;

describe("createEnsemble", () => {
  it("has the shape of its topology line", () => {
    const models = { a: saying(), b: saying() };
    expect(shapeOf(createEnsemble({ models, aggregate: longest() }))).toMatchInlineSnapshot(`
      [
        "__start__ → fan_out",
        "a → aggregator",
        "aggregator → __end__",
        "b → aggregator",
        "fan_out → a",
        "fan_out → b",
      ]
    `);
    expect(shapeOf(createEnsemble({ models, aggregate: longest(), fallback: saying() }))).toContain(
      "aggregator ⇢ fallback",
    );
    expect(shapeOf(createEnsemble({ models, aggregate: longest(), defaultResponse: "None." }))).toContain(
      "aggregator ⇢ default_response",
    );
  });

  it("orders answers by key, and a failed lane hurts no other", async () => {
    const models = { zeta: saying("same"), broken: failing(), alpha: saying("Same.") };
    const result = await createEnsemble({ models, aggregate: majorityVote(), stopEarly: false })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.candidates.map(({ name }) => name)).toEqual(["zeta", "alpha"]);
    expect(result).toMatchObject({
      modelUsed: "zeta",
      confidence: 2 / 3,
      aggregate: { agreement: "majority", consensus: true, votes: { same: 2 } },
    });
    expect(result.failures).toMatchObject([{ name: "broken", class: "server" }]);
    expect(result.decisions).toMatchObject([{ node: "aggregator", kind: "vote", chosen: "zeta", scores: { same: 2 } }]);
  });

  it("returns a single survivor without paying a synthesizer", async () => {
    const synthesizer = saying("never");
    const result = await createEnsemble({
      models: { a: failing(), b: saying("B") },
      aggregate: synthesizeWith(synthesizer),
    })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({
      modelUsed: "b",
      confidence: 0.5,
      aggregate: { agreement: "single", consensus: false },
    });
    expect(synthesizer.callCount).toBe(0);
  });

  it("asks for fallback, default response or an error when fewer than minimum answer", async () => {
    const models = () => ({ a: failing(), b: failing(503), c: saying("C") });
    const options = { aggregate: longest(), minimum: 2 };
    const asked = await createEnsemble({ models: models(), ...options, fallback: saying("spare") })
      .compile()
      .invoke({ messages: "Q" });
    expect(asked).toMatchObject({
      modelUsed: "fallback",
      decisions: [{ kind: "fallback", reason: "1 of 3 lanes answered, 2 are needed" }],
    });
    const said = await createEnsemble({ models: models(), ...options, defaultResponse: "No response available" })
      .compile()
      .invoke({ messages: "Q" });
    expect(said).toMatchObject({ modelUsed: "default_response", confidence: 0 });
    const run = createEnsemble({ models: models(), ...options })
      .compile()
      .invoke({ messages: "Q" });
    await expect(run).rejects.toSatisfy(QuorumNotReachedError.isInstance);
    await expect(run).rejects.toMatchObject({ needed: 2, received: 1, failures: [{ name: "a" }, { name: "b" }] });
  });

  it("falls back to the longest answer when the synthesizer fails, and says so", async () => {
    const models = { a: saying("short"), b: saying("much longer") };
    const result = await createEnsemble({ models, aggregate: synthesizeWith(failing()) })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "b", confidence: null });
    expect(result.decisions[0]!.reason).toContain("the synthesizer failed (server)");
  });

  it("counts the same model twice as two candidates", async () => {
    const same = saying("1", "2");
    const result = await createEnsemble({ models: { a: same, b: same }, aggregate: majorityVote() })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.candidates.map(({ message }) => message.text)).toEqual(["1", "2"]);
    expect(result.aggregate).toMatchObject({ agreement: "none", consensus: false });
  });

  it("refuses maxConcurrency 1, at which LangGraph would drop lanes", async () => {
    const graph = createEnsemble({ models: { a: saying("A"), b: saying("B") }, aggregate: longest() }).compile();
    await expect(graph.invoke({ messages: "Q" }, { maxConcurrency: 1 })).rejects.toMatchObject({
      name: "InvalidOptionError",
      option: "maxConcurrency",
    });
  });

  it("refuses wrong input when it is built", () => {
    const models = { a: saying(), b: saying() };
    for (const minimum of [0, 3, 1.5, -1, Number.NaN]) {
      expect(() => createEnsemble({ models, aggregate: longest(), minimum })).toThrow(InvalidOptionError);
    }
    expect(() => createEnsemble({ models, aggregate: undefined as never })).toThrow(InvalidOptionError);
    for (const stopEarly of ["no", 0, null])
      expect(() => createEnsemble({ models, aggregate: majorityVote(), stopEarly: stopEarly as never })).toThrow(
        "createEnsemble.stopEarly",
      );
    expect(() => createEnsemble({ models, aggregate: longest(), stopEarly: true })).toThrow(
      /has no `settled` function, so it cannot stop early; leave the option out/,
    );
  });

  describe("stopping early", () => {
    const { server, openai: client } = useLoopback();
    /** Answers only when all lanes have reached the server. */
    const when = (lanes: number, text: string) => async () => {
      await server.received(lanes);
      return text;
    };

    it("cancels lanes that can no longer change a vote, upstream too", async () => {
      for (const name of ["a", "b", "c"]) server.reply(name, when(5, "yes"));
      for (const name of ["d", "e"]) server.reply(name, { fault: "hang" });
      const models = Object.fromEntries(["d", "a", "b", "c", "e"].map((name) => [name, client(name)]));
      const result = await createEnsemble({ models, aggregate: majorityVote() }).compile().invoke({ messages: "Q" });
      await server.settled();
      expect(result).toMatchObject({ confidence: 3 / 5, aggregate: { agreement: "majority", consensus: true } });
      expect(
        server.requests
          .filter(({ aborted }) => aborted)
          .map(({ model }) => model)
          .sort(),
      ).toEqual(["d", "e"]);
      const cancelled = result.calls.filter(({ status }) => status === "cancelled");
      expect(cancelled.map(({ path }) => path).sort()).toEqual(["d", "e"]);
      expect(cancelled.every(({ estimated, usage }) => estimated && usage!.inputTokens > 0)).toBe(true);
      expect(result.failures).toEqual([]);
    });

    it("takes the first answer that comes and cancels the rest", async () => {
      server.reply("slow", { fault: "hang" });
      server.reply("fast", when(2, "here"));
      const models = { slow: client("slow"), fast: client("fast") };
      const result = await createEnsemble({ models, aggregate: firstAnswer() }).compile().invoke({ messages: "Q" });
      await server.settled();
      expect(result).toMatchObject({ modelUsed: "fast" });
      expect(server.requests.find(({ model }) => model === "slow")?.aborted).toBe(true);
    });

    it("cancels inside nested patterns", async () => {
      for (const name of ["a", "b"]) server.reply(name, when(3, "yes"));
      server.reply("deep", { fault: "hang" });
      const inner = createEnsemble({ models: { deep: client("deep") }, aggregate: longest() });
      const result = await createEnsemble({
        models: { a: client("a"), inner, b: client("b") },
        aggregate: majorityVote(),
      })
        .compile()
        .invoke({ messages: "Q" });
      await server.settled();
      expect(server.requests.find(({ model }) => model === "deep")?.aborted).toBe(true);
      expect(result.calls.find(({ path }) => path === "inner/deep")?.status).toBe("cancelled");
    });

    it("waits for all when it is told to", async () => {
      for (const name of ["a", "b"]) server.reply(name, "yes");
      server.reply("c", { text: "no", delayMs: 40 });
      const models = { a: client("a"), b: client("b"), c: client("c") };
      const result = await createEnsemble({ models, aggregate: majorityVote(), stopEarly: false })
        .compile()
        .invoke({ messages: "Q" });
      expect(result.aggregate!.votes).toEqual({ yes: 2, no: 1 });
    });
  });

  it("keeps a message given as default response", async () => {
    const defaultResponse = new AIMessage("Call us.");
    const result = await createEnsemble({ models: { a: failing() }, aggregate: longest(), defaultResponse })
      .compile()
      .invoke({ messages: "Q" });
    expect(result.messages.at(-1)!.text).toBe("Call us.");
  });
});
