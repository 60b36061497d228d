import type { Runnable, RunnableConfig } from "@langchain/core/runnables";
import { MemorySaver } from "@langchain/langgraph";
import { allOf, createCascade, createRouter, groundedIn, judgeWith, type Verify } from "langgraph-multimodel";
import { describe, expect, it } from "vitest";
import { manual } from "../../examples/support/manual.js";
import { graph as studioGraph, withManual } from "../../graphs/rag.js";
import { type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";

const pairs: [Provider, Provider][] = [
  ["ChatOpenAI", "ChatGoogleGenerativeAI"],
  ["ChatGoogleGenerativeAI", "ChatOpenAI"],
];

function assistant(server: LoopbackServer, [small, large] = pairs[0]!, verify: Verify = groundedIn()) {
  const models = { small: providers[small](server, "small"), large: providers[large](server, "large") };
  return withManual(createCascade({ models, verify }));
}

const asked = ({ requests }: LoopbackServer) => requests.map(({ model }) => model);
/** All a request holds: where a system message goes differs between providers. */
const sentTo = ({ requests }: LoopbackServer, model: string) =>
  JSON.stringify(requests.find((request) => request.model === model)?.body);

describe("retrieval before a cascade", () => {
  it.each([
    ["How often do I have to descale the machine?", "cleaning.md"],
    ["Can I put parts in the dishwasher?", "cleaning.md"],
    ["How long is the warranty?", "warranty.md"],
    ["Can I return a machine I have used?", "warranty.md"],
    ["The ring light stays red, what now?", "troubleshooting.md"],
    ["How many grams of coffee for two espressos?", "brewing.md"],
    ["How hot should the milk be when it is foamed?", "brewing.md"],
  ])("finds for %s a passage of %s first", async (question, file) => {
    const [first] = await (await manual()).similaritySearch(question, 3);
    expect(first?.metadata.source).toBe(file);
  });

  it.each(pairs)("keeps a grounded answer cheap (%s, %s not called)", async (...pair) => {
    await using server = await startLoopbackServer();
    server.reply("small", "Every 3 months, or after 200 cups.");
    const run = await assistant(server, pair).compile().invoke({ messages: "How often do I descale the machine?" });
    expect(run.messages.map(({ text }) => text)).toEqual([
      "How often do I descale the machine?",
      "Every 3 months, or after 200 cups.",
    ]);
    expect([run.modelUsed, asked(server)]).toEqual(["small", ["small"]]);
    expect(run.passages[0]).toContain("[cleaning.md]");
    expect(sentTo(server, "small")).toContain("after 200 cups");
  });

  it.each(pairs)("asks the large model after an invented number, with the same passages (%s, %s)", async (...pair) => {
    await using server = await startLoopbackServer();
    server.reply("small", "The warranty is 10 years.");
    server.reply("large", "The warranty is 3 years.");
    const run = await assistant(server, pair).compile().invoke({ messages: "How long is the warranty?" });
    expect([run.messages.at(-1)?.text, run.modelUsed]).toEqual(["The warranty is 3 years.", "large"]);
    expect(run.decisions[0]).toMatchObject({ kind: "escalate", reason: "not in the sources: 10" });
    expect(run.calls.map(({ path, status }) => [path, status])).toEqual([
      ["small", "ok"],
      ["large", "ok"],
    ]);
    for (const passage of run.passages) {
      const words = JSON.stringify(passage).slice(1, -1);
      for (const model of ["small", "large"]) expect(sentTo(server, model)).toContain(words);
    }
  });

  it("shows a judge behind the check the passages too, and pays it only for what the check passed", async () => {
    await using server = await startLoopbackServer();
    server.reply("small", "Vinegar is fine.", "It takes 45 minutes.");
    server.reply("judge", "The passages forbid vinegar.\nScore: 1");
    server.reply("large", "Never use vinegar.", "The program takes 20 minutes.");
    const rubric = "Every statement is supported by the passages in the system message.";
    const verify = allOf(groundedIn(), judgeWith(providers.ChatOpenAI(server, "judge"), { rubric }));
    const graph = assistant(server, pairs[0], verify).compile();
    expect((await graph.invoke({ messages: "May I descale with vinegar?" })).modelUsed).toBe("large");
    expect(asked(server)).toEqual(["small", "judge", "large"]); // nothing comes after it: the check alone judges it
    expect(sentTo(server, "judge")).toContain("Never use vinegar: it attacks");
    await graph.invoke({ messages: "How long does the descaling program take?" });
    expect(asked(server).slice(3)).toEqual(["small", "large"]);
  });

  it("leaves passages out of the thread, and finds new ones for each turn", async () => {
    await using server = await startLoopbackServer();
    server.reply("small", "Every 3 months.", "It is 3 years.");
    const graph = assistant(server).compile({ checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "1" } };
    await graph.invoke({ messages: "How often do I descale the machine?" }, thread);
    const second = await graph.invoke({ messages: "And how long is the warranty?" }, thread);
    expect(second.messages.map(({ type }) => type)).toEqual(["human", "ai", "human", "ai"]);
    expect(second.calls).toHaveLength(1);
    expect(second.passages[0]).toContain("[warranty.md]");
    const body = JSON.stringify(server.requests[1]?.body);
    expect(body).toContain("Every 3 months."); // the conversation is there, the passages of its first turn are not
    expect(body).not.toContain("after 200 cups");
  });

  it("goes where a model goes, its ledger with it", async () => {
    await using server = await startLoopbackServer();
    server.reply("small", "The warranty is 10 years.");
    server.reply("large", "The warranty is 3 years.");
    const models = { manual: assistant(server), chat: providers.ChatOpenAI(server, "chat") };
    const graph = createRouter({ models, route: () => "manual" as const }).compile();
    const { messages, calls } = await graph.invoke({ messages: "How long is the warranty?" });
    expect(messages.at(-1)?.text).toBe("The warranty is 3 years.");
    expect(calls.map(({ path }) => path)).toEqual(["manual/small", "manual/large"]);
  });

  it("hands the settings of a run to its calls", async () => {
    const seen: (readonly [string[] | undefined, unknown])[] = [];
    const callbacks = [
      {
        handleChatModelStart: (...told: unknown[]) => {
          const metadata = told[6] as Record<string, unknown> | undefined;
          seen.push([told[5] as string[] | undefined, metadata?.session_id]);
        },
      },
    ];
    const context = { tags: ["manual"], sessionId: "s-1" };
    const graph: Runnable = studioGraph.compile();
    await graph.invoke({ messages: "How do I descale the machine?" }, { context, callbacks } as RunnableConfig);
    expect(seen).toEqual([[expect.arrayContaining(["manual"]), "s-1"]]);
  });
});
