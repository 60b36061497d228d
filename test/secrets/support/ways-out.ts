import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { HumanMessage } from "@langchain/core/messages";
import { MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { vi } from "vitest";
import { compareVariants, evaluate, exact, formatComparison, recordModels } from "../../../src/evaluation/index.js";
import {
  asChatModel,
  bestOf,
  budget,
  callsOf,
  classifyWith,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createRouter,
  exactCache,
  explain,
  formatReport,
  judgeWith,
  type Model,
  type ModelEntry,
  memoryStore,
  type PatternGraph,
  runBatch,
  type Store,
  semanticCache,
  subscribe,
  synthesizeWith,
} from "../../../src/index.js";
import { ledgerTable, step } from "../../../src/notebook/index.js";
import { type BatchRun, batchReport, type ReportState, runReport, runTimeline } from "../../../src/report/index.js";
import { createApp } from "../../../src/server/index.js";
import { openTelemetry } from "../../../src/tracing/index.js";
import { saying } from "../../support/fakes.js";
import { memoryMetrics, memoryTraces } from "../../tracing/support/traced.js";
import { pageTexts } from "./page-texts.js";

type Given = Model | ModelEntry;

/** What can be seen of anything, at any depth. */
export function seen(value: unknown): string {
  const whole = { depth: 30, showHidden: true, maxStringLength: null, maxArrayLength: null, getters: true } as const;
  const parts = [() => inspect(value, whole), () => inspect(value), () => JSON.stringify(value), () => String(value)];
  const { stack, message } = Object(value) as Partial<Error>;
  const texts = parts.map((part) => {
    try {
      return String(part());
    } catch (error) {
      return String(error); // what cannot be written as JSON
    }
  });
  return [...texts, stack, message, ...getters(value)].join("\n");
}

/** What the getters of a value and of its causes give, and its symbols. */
function getters(value: unknown): string[] {
  const texts: string[] = [];
  for (let holder = Object(value); holder !== null && texts.length < 200; holder = Object.getPrototypeOf(holder)) {
    for (const key of Reflect.ownKeys(holder)) {
      try {
        texts.push(inspect((value as Record<PropertyKey, unknown>)[key], { depth: 10, showHidden: true }));
      } catch {}
    }
  }
  return texts;
}

/** An error with all it leads to. */
export const thrown = (error: unknown) => [seen(error), seen(callsOf(error)), seen((error as Error)?.cause)].join("\n");

const failing = (run: Promise<unknown>) => run.then(seen, thrown);
const input = { messages: "Hi" };

async function all(stream: AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>): Promise<string> {
  const texts: string[] = [];
  try {
    for await (const part of await stream) texts.push(seen(part));
  } catch (error) {
    texts.push(thrown(error));
  }
  return texts.join("\n");
}

/** A run that goes on without the model, so that what is written of its failure is in the state. */
const surviving = (model: Given) => createFallback({ models: { model }, defaultResponse: "Nothing." });
const alone = (model: Given) => createFallback({ models: { model } });

/** Roles a model has, in which it fails: what is then said of it stands in decisions and verdicts. */
const roles: Readonly<
  Record<string, (model: Given) => { compile(): { invoke(given: object, config?: object): Promise<unknown> } }>
> = {
  answer: surviving,
  judge: (model) => createCascade({ models: { draft: saying("A draft") }, verify: judgeWith(model) }),
  classifier: (model) =>
    createRouter({ models: { other: saying("So.") }, route: classifyWith(model), fallback: saying("So it is.") }),
  lane: (model) =>
    createEnsemble({ models: { model, other: saying("So.") }, aggregate: synthesizeWith(saying("So.")) }),
  "judge of the best": (model) =>
    createEnsemble({ models: { one: saying("So."), other: saying("Or so.") }, aggregate: bestOf(model) }),
  nested: (model) => createFallback({ models: { inner: alone(model), other: saying("So.") } }),
  stage: (model) => createPipeline({ stages: { first: { model } } } as never),
  worker: (model) => createMapReduce({ plan: () => ["one", "two"], worker: model, reduce: saying("So.") } as never),
  "user code": (model) =>
    createRouter({
      models: { other: saying("So.") },
      route: async () => void (await clientOf(model).invoke("Hi")),
    }),
};

const clientOf = (given: Given) =>
  (typeof given !== "string" && "model" in given ? given.model : given) as { invoke(input: unknown): Promise<unknown> };

/** A graph that is none of this package's. */
const ownGraph = (model: Given) =>
  new StateGraph(MessagesAnnotation)
    .addNode("own", async ({ messages }) => ({ messages: [await clientOf(model).invoke(messages)] }) as never)
    .addEdge(START, "own")
    .compile();

const streamModes = ["values", "updates", "messages", "custom", "debug", "tasks", "checkpoints", "tools"] as const;

/** A question in each protocol of the endpoint. */
const questions = {
  "/v1/chat/completions": { model: "it", messages: [{ role: "user", content: "Hi" }] },
  "/v1/messages": { model: "it", max_tokens: 100, messages: [{ role: "user", content: "Hi" }] },
  "/v1/responses": { model: "it", input: "Hi" },
};

const ask = (
  app: ReturnType<typeof createApp>,
  stream: boolean,
  path: keyof typeof questions = "/v1/chat/completions",
) =>
  app.request(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...questions[path], stream }),
  });

/** Every way out; a new one is tried with every place by standing here. */
export const waysOut: Readonly<Record<string, (model: Given) => string | Promise<string>>> = {
  "the error of a run": (model) => failing(alone(model).compile().invoke(input)),
  "the error of several": (model) =>
    failing(
      createFallback({ models: { a: model, b: alone(model) } })
        .compile()
        .invoke(input),
    ),
  "the error of a chat model": (model) => failing(asChatModel(alone(model)).invoke("Hi")),
  "the error of a chat model over a graph of a user": (model) => failing(asChatModel(ownGraph(model)).invoke("Hi")),
  "a graph of a user in a pattern": (model) => failing(alone(ownGraph(model)).compile().invoke(input)),
  "the stream of a chat model": (model) => all(asChatModel(alone(model)).stream("Hi")),
  ...Object.fromEntries(
    Object.entries(roles).map(([role, graph]) => [
      `the state, as ${role}`,
      (model: Given) => failing(graph(model).compile().invoke(input)),
    ]),
  ),
  "the rows of a batch": async (model) => {
    const rows = [surviving, alone, ownGraph].map((graph) => {
      const given = graph(model) as PatternGraph;
      return all(runBatch({ graph: given, inputs: ["Hi", { prompt: "Hi", context: { tags: ["a"] } }] }));
    });
    return (await Promise.all(rows)).join("\n");
  },
  "the bytes of checkpoints": async (model) => {
    const texts: string[] = [];
    for (const graph of [surviving, alone]) {
      const checkpointer = new MemorySaver();
      const compiled = graph(model).compile({ checkpointer });
      await compiled.invoke(input, { configurable: { thread_id: "1" } }).catch(() => {});
      texts.push(bytesOf(checkpointer.storage), bytesOf(checkpointer.writes));
      texts.push(seen(await compiled.getState({ configurable: { thread_id: "1" } })));
    }
    return texts.join("\n");
  },
  "stream events of every mode": async (model) => {
    const compiled = [surviving, alone].map((graph) => graph(model).compile());
    const streams = compiled.map((each) =>
      all(each.stream(input, { streamMode: [...streamModes], subgraphs: true } as never) as never),
    );
    return (await Promise.all(streams)).join("\n");
  },
  "streamEvents v2": async (model) => {
    const compiled = [surviving, alone].map((graph) => graph(model).compile());
    return (await Promise.all(compiled.map((each) => all(each.streamEvents(input, { version: "v2" }))))).join("\n");
  },
  "events of every channel": async (model) => {
    const texts: string[] = [];
    const heard = (event: unknown) => void texts.push(seen(event));
    const unsubscribe = subscribe({
      ...{ onCall: heard, onDecision: heard, onBreaker: heard, onBudget: heard, onDrift: heard },
    });
    try {
      const broken = withSettings(model, { breaker: { failures: 1 } });
      for (const graph of [alone(broken), alone(broken), surviving(broken)]) {
        texts.push(await failing(graph.compile().invoke(input)));
      }
    } finally {
      unsubscribe();
    }
    return texts.join("\n");
  },
  "the entries of a store": async (model) => {
    const texts: string[] = [];
    const store = recording(memoryStore(), texts);
    const embeddings = { embedQuery: async () => [1, 0], embedDocuments: async () => [[1, 0]] };
    const caches = [
      exactCache({ ttlMs: 60_000, store }),
      semanticCache({ embeddings: embeddings as never, threshold: 0.9, namespace: "it", store }),
    ];
    for (const cache of caches) {
      const shared = withSettings(model, {
        ...{ cache, breaker: { failures: 1, store }, limit: { requestsPerMinute: 100, store } },
        budget: budget({ usd: 1, per: "day", assumePrice: { input: 1, output: 1 }, store }),
      });
      texts.push(
        await failing(alone(shared).compile().invoke(input)),
        await failing(alone(shared).compile().invoke(input)),
      );
    }
    return texts.join("\n");
  },
  "a pool": async (model) => {
    const clients = [clientOf(model), clientOf(model)] as never;
    const pool = { clients, retry: false, hedge: { afterMs: 1 } } as never;
    const graphs = [alone(pool), surviving(pool)];
    return (await Promise.all(graphs.map((graph) => failing(graph.compile().invoke(input))))).join("\n");
  },
  "replies and the log of the server": async (model) => {
    const log: string[] = [];
    const spy = vi.spyOn(console, "error").mockImplementation((...told) => void log.push(told.map(seen).join(" ")));
    try {
      const own = createApp({ models: { it: model }, onError: (error) => void log.push(thrown(error)) });
      const usual = createApp({ graphs: { it: alone(model) } });
      for (const app of [own, usual, createApp({ graphs: { it: surviving(model) } })]) {
        for (const path of Object.keys(questions) as (keyof typeof questions)[]) {
          for (const stream of [false, true]) {
            const reply = await ask(app, stream, path);
            log.push(await reply.text(), seen([...reply.headers]));
          }
        }
        log.push(await (await app.request("/v1/models")).text());
      }
      return log.join("\n");
    } finally {
      spy.mockRestore();
    }
  },
  "the page and the metrics of the server": async (model) => {
    const graphs = { it: surviving(model), other: alone(model) };
    const app = createApp({ graphs, ui: true, metrics: true, onError: () => {} });
    await (await ask(app, true)).text();
    return pageTexts(app, "other");
  },
  "spans and metrics, with contents": async (model) => {
    const { tracerProvider, spans } = memoryTraces();
    const { meterProvider, collect } = memoryMetrics();
    const callbacks = [openTelemetry({ tracerProvider, meterProvider, content: true })];
    for (const graph of [surviving, roles.nested!, roles.judge!, roles["user code"]!]) {
      await failing(graph(model).compile().invoke(input, { callbacks }));
    }
    const texts = spans().map(({ name, attributes, events, status }) => seen({ name, attributes, events, status }));
    return [...texts, seen(await collect())].join("\n");
  },
  "a comparison of runs": async (model) => {
    const graph = createExperiment({ models: { one: model, other: model }, weights: { one: 1, other: 1 } }).compile();
    const runs = await Promise.all([1, 2, 3].map(() => graph.invoke(input).catch((error: Error) => error)));
    const comparison = compareVariants(runs);
    return [
      seen(comparison),
      formatComparison(comparison),
      formatReport(runs.flatMap((run) => (run instanceof Error ? callsOf(run) : run.calls))),
    ].join("\n");
  },
  "an evaluation, its file, and recordings": async (model) => {
    const folder = mkdtempSync(join(tmpdir(), "multimodel-"));
    try {
      const [file, calls] = ["answers.jsonl", "calls.jsonl"].map((name) => join(folder, name)) as [string, string];
      const dataset = [{ input: "Hi", expected: "Hello" }];
      const report = await evaluate({ graph: model, dataset, scorers: [exact()], file }).catch(
        (error: unknown) => error,
      );
      const recorded = await recordModels({ models: { model }, dataset, file: calls }).catch((error: unknown) => error);
      const written = [file, calls].flatMap((each) => (existsSync(each) ? [readFileSync(each, "utf8")] : []));
      return [thrown(report), thrown(recorded), ...written].join("\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  "pages of a notebook": async (model) => {
    const texts: string[] = [];
    for (const graph of [surviving, alone]) {
      try {
        for await (const done of step(graph(model), { messages: [new HumanMessage("Hi")] })) {
          texts.push(seen(done), seen(ledgerTable(done.calls)));
        }
      } catch (error) {
        texts.push(thrown(error), seen(ledgerTable(callsOf(error))));
      }
    }
    return texts.join("\n");
  },
  explanations: async (model) => {
    const texts: string[] = [];
    for (const graph of [surviving, alone]) {
      const ready = graph(model).compile();
      await ready.invoke(input).catch(() => {}); // what failed is skipped, with a reason
      texts.push(await explain(ready, "Hi").then(seen, thrown));
    }
    return texts.join("\n");
  },
  "reports and timelines": async (model) => {
    const texts: string[] = [];
    for (const graph of [surviving, alone]) {
      const state: ReportState = await graph(model)
        .compile()
        .invoke(input)
        .then(
          (final) => final as ReportState,
          (error) => ({ calls: callsOf(error), failures: [{ name: "it", class: "server", message: thrown(error) }] }),
        );
      const row = { ...state, error: { name: "Error", message: seen(state) } } as BatchRun;
      texts.push(runReport(state), runTimeline(state), batchReport([row, row]));
    }
    return texts.join("\n");
  },
};

/** The model with more settings; a model that takes none stays as it is. */
function withSettings(given: Given, settings: Partial<ModelEntry>): ModelEntry {
  const entry =
    typeof given !== "string" && "model" in given && !("invoke" in given)
      ? (given as ModelEntry)
      : { model: given as Model };
  return { ...entry, ...settings };
}

/** A store that notes what it is called with. */
function recording(store: Store, texts: string[]): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        texts.push(seen([name, ...given]));
        return Reflect.apply(value, target, given);
      };
    },
  });
}

/** Everything a checkpointer keeps, as text. */
function bytesOf(kept: unknown): string {
  if (kept instanceof Uint8Array) return Buffer.from(kept).toString("latin1");
  if (typeof kept !== "object" || kept === null) return String(kept);
  return Object.entries(kept)
    .map(([key, value]) => `${key} ${bytesOf(value)}`)
    .join("\n");
}
