import type { AIMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { copyMessage } from "../../src/calls/answer.js";
import {
  type AttemptDiscarded,
  check,
  classifyWith,
  createCascade,
  createEnsemble,
  createFallback,
  createQualityGate,
  createRouter,
  judgeWith,
  longest,
  majorityVote,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { kept, readLive, type Seen } from "../support/live-stream.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();
const good = check(({ answer }) => answer.text.startsWith("good"));
const says = (text: string) => ({ text, chunks: 2 });

type Events = AsyncIterable<{ readonly event: string; readonly data: object }>;

/** What was taken back: each text with the path it came from. */
const dropped = ({ texts, discarded }: Seen) => discarded.map(({ path, messageId }) => [path, texts.get(messageId!)]);
const final = ({ answer }: Seen) => [answer!.id, answer!.text];

describe.each(Object.keys(providers) as Provider[])("drafts of a live run, over %s", (provider) => {
  const model = (name: string) => ({ model: providers[provider](server, name), retry: false as const });

  it("are those of models that answer: of no judge and no router", async () => {
    server.reply("a", says("a draft"));
    server.reply("b", says("an answer"));
    server.reply("judge", says("Score: 2"), says("Score: 9"));
    server.reply("classifier", says("hard"));
    const ladder = createCascade({
      models: { a: model("a"), b: model("b") },
      verify: judgeWith(model("judge")),
      judgeLast: true,
    });
    const graph = createRouter({
      models: { ladder: ladder as never, b: model("b") },
      route: classifyWith(model("classifier"), { labels: { hard: "ladder", easy: "b" } } as never),
    });
    const seen = await readLive(graph.compile() as never);
    expect([...seen.texts.values()]).toEqual(["a draft", "an answer"]);
    expect([...seen.paths.values()]).toEqual(["ladder/a", "ladder/b"]);
    expect(dropped(seen)).toEqual([["ladder/a", "a draft"]]);
  });

  it("come back whole under a new id, where one that was dropped is returned all the same", async () => {
    server.reply("a", says("bad draft"));
    server.reply("b", failWith.cut({ text: "good half", afterChunks: 2, chunks: 4 }));
    const seen = await readLive(
      createCascade({ models: { a: model("a"), b: model("b") }, verify: good }).compile() as never,
    );
    expect(final(seen)[1]).toBe("bad draft");
    expect(kept(seen)).toEqual([final(seen)]);
    expect(seen.discarded.map(({ path }) => path)).toEqual(["a", "b"]);
  });

  it("are dropped where a verifier puts another text in their place", async () => {
    server.reply("a", says("good draft. Confidence: 0.9"));
    const verify = ({ answer }: { answer: AIMessage }) => ({
      pass: true,
      answer: copyMessage(answer, { content: answer.text.replace(/ Confidence.*/, "") }),
    });
    const seen = await readLive(createCascade({ models: { a: model("a") }, verify }).compile() as never);
    expect(dropped(seen)).toEqual([["a", "good draft. Confidence: 0.9"]]);
    expect(kept(seen)).toEqual([final(seen)]);
    expect(final(seen)[1]).toBe("good draft.");
  });

  it("are dropped with the reason where a lane is cancelled or fails in mid-answer", async () => {
    server.reply("a", says("yes"));
    server.reply("b", says("Yes."));
    server.reply("c", failWith.hang({ text: "no, since", chunks: 4, afterChunks: 2 }));
    const models = { c: model("c"), a: model("a"), b: model("b") };
    const graph = createEnsemble({ models, aggregate: majorityVote() }).compile();
    const seen: Seen = await readLive(graph as never);
    const reasons = new Map(seen.discarded.map(({ path, reason }) => [path, reason]));
    expect(kept(seen)).toEqual([final(seen)]);
    expect(reasons.get("c") ?? "cancelled").toBe("cancelled"); // it may be stopped before its first word
    expect(seen.discarded.length).toBe(seen.texts.size - 1);
    expect(reasons.get("b")).toBe("the answer is that of a");
  });

  it("of lanes that are too few come back where the fallback fails too", async () => {
    server.reply("a", says("one vote"));
    server.reply("b", failWith.server());
    server.reply("spare", failWith.server());
    const graph = createEnsemble({
      models: { a: model("a"), b: model("b") },
      aggregate: longest(),
      minimum: 2,
      fallback: model("spare"),
    }).compile();
    const back = await readLive(graph as never);
    expect(final(back)[1]).toBe("one vote"); // the last answer that came
    expect(dropped(back)).toEqual([["a", "one vote"]]);
    expect(kept(back)).toEqual([final(back)]);
    server.reply("a", says("one vote"));
    server.reply("b", failWith.server());
    server.reply("spare", says("the spare answer"));
    const seen = await readLive(graph as never);
    expect(dropped(seen)).toEqual([["a", "one vote"]]);
    expect(kept(seen)).toEqual([final(seen)]);
    expect(final(seen)[1]).toBe("the spare answer");
  });

  it("of a nested run that fails are dropped by the run around", async () => {
    server.reply("a", says("a draft"));
    server.reply("judge", failWith.server());
    server.reply("b", says("the other answer"));
    const gate = createQualityGate({ model: model("a"), verify: judgeWith(model("judge")), onUnverified: "throw" });
    const graph = createFallback({ models: { gate: gate as never, b: model("b") } });
    const seen = await readLive(graph.compile() as never);
    expect(dropped(seen)).toEqual([["gate/draft", "a draft"]]);
    expect(kept(seen)).toEqual([final(seen)]);
    expect(final(seen)[1]).toBe("the other answer");
  });

  it("change nothing but what is shown: the same models are called, as often", async () => {
    const script = () => {
      server.reply("a", failWith.cut({ text: "bad half", afterChunks: 2, chunks: 4 }), says("bad draft"));
      server.reply("b", says("good answer"));
    };
    const entry = { model: providers[provider](server, "a"), retry: { maxRetries: 1, backoff: [1] } };
    const graph = createCascade({ models: { a: entry, b: model("b") }, verify: good }).compile();
    script();
    const seen = await readLive(graph as never);
    expect(dropped(seen).map(([path]) => path)).toEqual(["a", "a"]);
    expect(kept(seen)).toEqual([final(seen)]);
    const live = server.requests.map((request) => request.model);
    script();
    await readLive(graph as never, { context: { stream: "committed" } });
    expect(server.requests.map((request) => request.model)).toEqual([...live, ...live]);
  });

  it("that were shown before a pause are dropped after it", async () => {
    server.reply("a", says("bad draft"));
    server.reply("b", says("good answer"));
    const graph = createCascade({ models: { a: model("a"), b: model("b") }, verify: good }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["verifier"],
    });
    const options = { configurable: { thread_id: "1" } };
    const before = await readLive(graph as never, options);
    const [[id]] = [...before.texts] as [[string, string]];
    const discarded: AttemptDiscarded[] = [];
    const settings = { ...options, streamMode: "custom", context: { stream: "live" }, interruptBefore: [] } as const;
    for await (const event of await graph.stream(null, settings as never)) {
      discarded.push(event as never);
    }
    expect(discarded).toMatchObject([{ type: "attempt_discarded", path: "a", messageId: id }]);
    const { values } = await graph.getState(options);
    expect(values.candidates.map(({ discarded: gone }: { discarded?: true }) => gone)).toEqual([true, undefined]);
  });

  it("are in both streams of events, with what was dropped, also where an attempt breaks off", async () => {
    const script = () => {
      server.reply("a", says("bad draft"));
      server.reply("b", failWith.cut({ text: "good half an answer", afterChunks: 2, chunks: 4, chunkDelayMs: 5 }));
      server.reply("c", says("good answer"));
    };
    const models = { a: model("a"), b: model("b"), c: model("c") };
    const graph = createCascade({ models, verify: good }).compile();
    script();
    const options = { version: "v2", context: { stream: "live" }, streamMode: ["custom"] } as const;
    const seen = { texts: new Map<string, string>(), discarded: [] as AttemptDiscarded[] };
    for await (const { event, data } of graph.streamEvents({ messages: "Hi" }, options as never) as never as Events) {
      const { chunk } = data as { chunk: AIMessage & [string, AttemptDiscarded] };
      if (event === "on_chat_model_stream" && chunk.text !== "") {
        seen.texts.set(chunk.id!, (seen.texts.get(chunk.id!) ?? "") + chunk.text);
      } else if (event === "on_chain_stream" && chunk[0] === "custom") seen.discarded.push(chunk[1]);
    }
    expect(seen.discarded.map(({ path }) => path)).toEqual(["a", "b"]);
    expect(kept(seen).map(([, text]) => text)).toEqual(["good answer"]);
    script();
    const run = await graph.streamEvents({ messages: "Hi" }, { version: "v3", context: { stream: "live" } } as never);
    const events: { method: string; params: { data: Record<string, unknown> } }[] = [];
    for await (const event of run as never as AsyncIterable<(typeof events)[number]>) events.push(event);
    const started = events
      .filter(({ params: { data } }) => data.event === "message-start")
      .map(({ params }) => params.data.id);
    const gone = events.filter(({ method }) => method === "custom").map(({ params }) => params.data.payload);
    expect(gone).toMatchObject([{ path: "a", messageId: started[0] }, { path: "b" }]);
    const { messages } = await (run as never as { output: Promise<{ messages: AIMessage[] }> }).output;
    const left = started.filter((id) => !gone.some((event) => (event as AttemptDiscarded).messageId === id));
    expect(left).toEqual([messages.at(-1)!.id]);
  });
});
