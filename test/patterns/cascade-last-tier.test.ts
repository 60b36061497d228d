import type { AIMessageChunk } from "@langchain/core/messages";
import { Command, interrupt, MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  agreement,
  allOf,
  anyOf,
  asChatModel,
  type CascadeOptions,
  check,
  consistency,
  createCascade,
  createQualityGate,
  createRouter,
  InvalidOptionError,
  judgeWith,
  matchesSchema,
  selfReported,
  type Verify,
} from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";
import { itOverClients } from "../support/over-clients.js";

const reason = "last tier, not judged";
const never = { verdict: undefined, confidence: null };
const two = () => ({ small: saying("one"), large: saying("two") });
const run = (verify: Verify, options: Partial<CascadeOptions<string>> = {}) =>
  createCascade({ models: two(), verify, ...options })
    .compile()
    .invoke({ messages: "Q" });
const kinds = ({ decisions }: { decisions: readonly { kind: string; chosen: string }[] }) =>
  decisions.map(({ kind, chosen }) => `${kind} ${chosen}`);

describe("the last tier of createCascade", () => {
  itOverClients("is not judged by a model: three requests answer a hard question", async ({ client, asked }) => {
    const models = { small: client("small", "one"), large: client("large", "two") };
    const verify = judgeWith(client("judge", "Wrong.\nScore: 3", "never asked"));
    const result = await createCascade({ models, verify }).compile().invoke({ messages: "Q" });
    expect(asked()).toEqual({ small: 1, judge: 1, large: 1 });
    expect(result).toMatchObject({ modelUsed: "large", ...never });
    expect(result.decisions.at(-1)).toMatchObject({ node: "verifier", kind: "accept", chosen: "large", reason });
    expect(result.candidates.map(({ verdict }) => verdict?.score)).toEqual([0.3, undefined]);
  });

  it("is judged with judgeLast, and where a fallback comes after it", async () => {
    const judged = await run(judgeWith(saying("3", "9")), { judgeLast: true });
    expect(judged).toMatchObject({ modelUsed: "large", confidence: 0.9, verdict: { pass: true } });
    const spare = await run(judgeWith(saying("3", "4")), { fallback: saying("spare") });
    expect(spare.modelUsed).toBe("fallback");
    expect(kinds(spare)).toEqual(["escalate large", "fallback fallback"]);
  });

  it("is judged by everything that asks no model", async () => {
    const small = await run(check(({ answer }) => answer.text === "two"));
    expect(small).toMatchObject({ modelUsed: "large", verdict: { pass: true } });
    expect(await run(agreement())).toMatchObject({ verdict: { pass: false, score: 0.5 } });
    expect(await run(matchesSchema({ safeParse: () => {} } as never))).toMatchObject({ verdict: { pass: false } });
    const models = { small: saying("a\nConfidence: 10%"), large: saying("b\nConfidence: 90%") };
    const stated = await run(selfReported(), { models });
    expect(stated).toMatchObject({ confidence: 0.9, verdict: { pass: true } });
    expect(stated.messages.at(-1)!.text).toBe("b");
  });

  it("ends the judging of a plain function with the first thing it asks, whatever it makes of that", async () => {
    const judge = saying("no");
    const judges: Verify[] = [
      async ({ answer, ask, messages }) => {
        if (answer.text === "one") return { pass: false };
        return { pass: (await ask(messages, { model: judge })).text === "yes" };
      },
      async ({ answer, ask, messages }) => {
        if (answer.text === "one") return { pass: false };
        await ask(messages, { model: judge }).catch(() => "swallowed");
        return { pass: false, score: 0 };
      },
      async ({ answer, ask, messages }) => {
        if (answer.text === "one") return { pass: false };
        try {
          await ask(messages, { model: judge });
        } catch (error) {
          throw new TypeError(`judge is down: ${String(error)}`);
        }
        return { pass: true };
      },
      ({ answer, ask, messages }) => {
        void ask(messages, { model: judge }); // of no interest to it
        return { pass: answer.text === "never", score: 0.1 };
      },
      (turn) => (turn.answer.text === "one" ? { pass: false } : judgeWith(judge)(turn)),
    ];
    for (const verify of judges) {
      judge.respond(saying("no") as never);
      const before = judge.callCount;
      const result = await run(verify, verify === judges[3] ? { models: { large: saying("two") } } : {});
      expect(result).toMatchObject({ modelUsed: "large", ...never });
      expect(result.decisions.at(-1)).toMatchObject({ reason });
      expect(judge.callCount).toBe(before);
    }
  });

  it("still throws what a plain function throws that asked nothing", async () => {
    const verify: Verify = ({ answer }) => {
      if (answer.text === "one") return { pass: false };
      return { pass: (undefined as unknown as { yes: boolean }).yes };
    };
    const { decisions } = await run(verify).catch(() => ({ decisions: [{ reason: "thrown" }] }));
    expect(decisions.at(-1)!.reason).not.toBe(reason);
  });

  it("still pauses for a person", async () => {
    const verify: Verify = ({ answer }) => ({ pass: answer.text === "two" && interrupt("good?") === "yes" });
    const app = createCascade({ models: two(), verify }).compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "1" } };
    await app.invoke({ messages: "Q" }, config);
    expect(await app.invoke(new Command({ resume: "yes" }), config)).toMatchObject({ verdict: { pass: true } });
  });

  it("of allOf fails by what asks no model, in whatever order, and is not passed without the rest", async () => {
    const bad = check(({ answer }) => answer.text === "never");
    const good = check(({ answer }) => answer.text === "two");
    for (const verify of [allOf(bad, judgeWith(saying())), allOf(judgeWith(saying("9")), bad)]) {
      const result = await run(verify);
      expect(result).toMatchObject({ modelUsed: "large", verdict: { pass: false, reason: "the check failed" } });
    }
    for (const verify of [allOf(good, judgeWith(saying())), allOf(judgeWith(saying("9")), good)]) {
      const result = await run(verify);
      expect(result).toMatchObject({ modelUsed: "large", ...never });
      expect(result.decisions.at(-1)).toMatchObject({ reason });
    }
  });

  it("of anyOf passes by what asks no model, and is not failed without the rest", async () => {
    const good = check(({ answer }) => answer.text === "two");
    const passed = await run(anyOf(judgeWith(saying("1")), good));
    expect(passed).toMatchObject({ modelUsed: "large", verdict: { pass: true, reason: "the check passed" } });
    expect(await run(anyOf(agreement(), judgeWith(saying("1"))))).toMatchObject({ modelUsed: "large", ...never });
  });

  it("of composed verifiers is returned as those left it that asked nothing", async () => {
    const said = () => ({ small: saying("a\nConfidence: 95%"), large: saying("b\nConfidence: 95%") });
    const compositions = [
      (judge: Verify) => allOf(selfReported(), judge),
      (judge: Verify) => allOf(judge, selfReported()),
      (judge: Verify) => allOf(allOf(selfReported(), judge), judge),
      (judge: Verify) => anyOf(allOf(selfReported(), judge), judge),
    ];
    for (const compose of compositions) {
      const result = await run(compose(judgeWith(saying("1", "1"))), { models: said() });
      expect(result).toMatchObject({ modelUsed: "large", ...never });
      expect(result.messages.at(-1)!.text).toBe("b");
      expect(result.candidates.at(-1)!.message.text).toBe("b");
    }
  });

  it("is whichever model is left, by skips, failures and what cannot help", async () => {
    const judge = () => judgeWith(saying("3", "3"));
    const down = { small: saying("one"), large: { model: saying(httpError(500)), retry: false } } as const;
    const kept = await run(judge(), { models: { ...down, mid: saying("mid") } });
    expect(kept).toMatchObject({ modelUsed: "mid", ...never });
    const one = await run(judge(), { models: { only: saying("one") } });
    expect(one).toMatchObject({ modelUsed: "only", ...never });
    const refused = saying("one");
    const overflow = httpError(400, "maximum context length exceeded", { code: "context_length_exceeded" });
    const windows = {
      big: { model: saying(overflow), contextWindow: 1_000, retry: false },
      mid: { model: refused, contextWindow: 2_000 },
      little: { model: saying("never"), contextWindow: 500 },
    } as const;
    expect(await run(judge(), { models: windows })).toMatchObject({ modelUsed: "mid", ...never });
  });

  it("stays judged while a model that was passed over may still be asked", async () => {
    const cooling = saying(httpError(429, "slow down", { headers: { "retry-after": "3000" } }), "later");
    const warm = createCascade({
      models: { x: { model: cooling, retry: false }, y: saying("y") },
      verify: () => ({ pass: true }),
    });
    await warm.compile().invoke({ messages: "Q" });
    const judge = saying("3", "3", "3");
    const models = { small: saying("one"), mid: { model: cooling, retry: false }, large: saying("two") } as const;
    const result = await run(judgeWith(judge), { models });
    expect(kinds(result)).toEqual(["skip mid", "escalate large", "escalate mid", "accept mid"]);
    expect(judge.callCount).toBe(2);
  });

  it("streams where all that judges asks a model, once and in pieces", async () => {
    const pieces = async (verify: Verify) => {
      const graph = createCascade({ models: { large: saying("one two three four") }, verify }).compile();
      const seen: string[] = [];
      for await (const [chunk] of await graph.stream({ messages: "Q" }, { streamMode: "messages" })) {
        seen.push((chunk as AIMessageChunk).text);
      }
      return seen.filter((text) => text !== "");
    };
    expect((await pieces(judgeWith(saying()))).join("")).toBe("one two three four");
    expect((await pieces(agreement())).join("")).toBe("one two three four");
  });

  itOverClients("is streamed to a chat model's reader as it comes", async ({ client }) => {
    const models = { small: client("small", "short"), large: client("large", "one two three four") };
    const judge = client("judge", "Score: 2");
    const model = asChatModel(createCascade({ models, verify: judgeWith(judge) }));
    const texts: string[] = [];
    for await (const chunk of await model.stream("Q")) if (chunk.text !== "") texts.push(chunk.text);
    expect(texts.join("")).toBe("one two three four");
    expect(texts.length).toBeGreaterThan(1);
  });

  it("is judged in a gate and a router, whose result holds the score", async () => {
    const gate = createQualityGate({ model: saying("one", "two"), verify: judgeWith(saying("3", "4")) }).compile();
    expect(await gate.invoke({ messages: "Q" })).toMatchObject({ confidence: 0.4, verdict: { pass: false } });
    const router = createRouter({ models: two(), route: () => "large", verify: judgeWith(saying("4")) }).compile();
    expect(await router.invoke({ messages: "Q" })).toMatchObject({ confidence: 0.4, verdict: { pass: false } });
    const nested = createRouter({
      models: { c: createCascade({ models: two(), verify: judgeWith(saying("1")) }) },
      route: () => "c",
    });
    expect(await nested.compile().invoke({ messages: "Q" })).toMatchObject({ modelUsed: "c/large", confidence: null });
  });

  it("is sampled by consistency only with judgeLast", async () => {
    const models = () => ({ small: saying("1", "1", "1") });
    expect((await run(consistency({ samples: 3 }), { models: models() })).calls).toHaveLength(1);
    expect((await run(consistency({ samples: 3 }), { models: models(), judgeLast: true })).calls).toHaveLength(2);
  });

  it.each([1, "yes", null])("refuses judgeLast: %o", (judgeLast) => {
    const build = () => createCascade({ models: two(), verify: agreement(), judgeLast: judgeLast as never });
    expect(build).toThrow(InvalidOptionError);
    expect(build).toThrow("createCascade.judgeLast");
  });
});
