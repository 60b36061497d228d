import { AIMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  callsOf,
  check,
  createCascade,
  createEnsemble,
  createFallback,
  longest,
  type ModelCall,
  type ModelEntry,
  totalCost,
  totalTokens,
} from "../../../src/index.js";
import { createApp } from "../../../src/server/index.js";
import { httpError } from "../../support/fakes.js";
import { runsOf } from "../../support/property-runs.js";

const price = { input: 3, output: 7 };

/** A model that answers, fails or costs what each call says; `attempts` counts what it was asked. */
function modelOf(name: string, outcomes: readonly Outcome[], priced: boolean) {
  const attempts = { ok: 0, failed: 0 };
  let turn = 0;
  const next = () => {
    const { fails, input, output, text } = outcomes[turn++ % outcomes.length]!;
    attempts[fails ? "failed" : "ok"]++;
    if (fails) throw httpError(500);
    const usage_metadata = { input_tokens: input, output_tokens: output, total_tokens: input + output };
    return new AIMessage({ content: text, usage_metadata });
  };
  const model = Array.from({ length: 60 }).reduce<ReturnType<typeof fakeModel>>(
    (fake) => fake.respond(next),
    fakeModel(),
  );
  const entry: ModelEntry = { model, retry: false, breaker: false, coolDown: { maxMs: 0 }, ...(priced && { price }) };
  return { name, entry, attempts };
}

/** A graph of a user's own, whose calls a callback handler measures. */
function foreign(model: ReturnType<typeof fakeModel>) {
  return new StateGraph(MessagesAnnotation)
    .addNode("own", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
    .addEdge(START, "own")
    .addEdge("own", END)
    .compile();
}

interface Outcome {
  readonly fails: boolean;
  readonly input: number;
  readonly output: number;
  readonly text: string;
}

const outcome: fc.Arbitrary<Outcome> = fc.record({
  fails: fc.boolean(),
  input: fc.nat(5_000),
  output: fc.nat(5_000),
  text: fc.constantFrom("no", "a longer answer"),
});
const outcomes = fc.array(outcome, { minLength: 1, maxLength: 5 });
const graphs = ["cascade", "ensemble", "nested", "foreign", "alone"] as const;
const request = fc.record({
  model: fc.constantFrom(...graphs),
  stream: fc.boolean(),
  key: fc.constantFrom("key-one", "key-two"),
});

/** Values of `<data>` in a part of a page. */
const valuesIn = (html: string) => [...html.matchAll(/<data value="([^"]*)">/g)].map(([, value]) => Number(value));
const part = (html: string, from: string, to: string) =>
  html.slice(html.indexOf(from), html.indexOf(to, html.indexOf(from)));

/** Sums the samples of a counter by one of its labels, or all of them. */
function samplesOf(text: string, name: string): readonly (readonly [string, number])[] {
  return [...text.matchAll(new RegExp(`^multimodel_${name}\\{([^}]*)\\} (\\S+)$`, "gm"))].map(
    ([, labels, value]) => [labels!, Number(value)] as const,
  );
}
const sumOf = (samples: readonly (readonly [string, number])[], label = "") =>
  samples.filter(([labels]) => labels.includes(label)).reduce((sum, [, value]) => sum + value, 0);

describe("the numbers of /ui and /metrics", () => {
  it("equal those of the ledgers of all runs", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(outcomes, outcomes, outcomes),
        fc.boolean(),
        fc.array(request, { minLength: 1, maxLength: 8 }),
        async (plans, priced, requests) => {
          const [a, b, c] = plans.map((plan, at) => modelOf(`m${at}`, plan, at < 2 || priced));
          const lostBy = new Map<string, readonly ModelCall[]>();
          const pair = { a: a!.entry, b: b!.entry };
          const app = createApp({
            graphs: {
              cascade: createCascade({ models: pair, verify: check(({ answer }) => answer.text.length > 3) }),
              ensemble: createEnsemble({ models: { ...pair, c: c!.entry }, aggregate: longest(), minimum: 1 }),
              foreign: foreign(c!.entry.model as ReturnType<typeof fakeModel>),
              nested: createFallback({ models: { inner: createFallback({ models: pair }), c: c!.entry } }),
            },
            models: { alone: c!.entry },
            apiKeys: ["key-one", "key-two"],
            ui: true,
            metrics: true,
            onError: (error, { id }) => void lostBy.set(id, callsOf(error)),
          });
          const replies = await Promise.all(
            requests.map(async ({ model, stream, key }) => {
              const reply = await app.request("/v1/chat/completions", {
                method: "POST",
                headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
                body: JSON.stringify({
                  ...{ model, stream, messages: [{ role: "user", content: "Hi" }] },
                  ...(stream && { stream_options: { include_usage: true } }),
                }),
              });
              const text = await reply.text();
              const id = reply.headers.get("x-request-id")!;
              return { key, id, usage: reply.ok ? usageIn(text) : undefined, lost: lostBy.get(id) ?? [] };
            }),
          );
          // Ledgers: of answers by their usage and cost, of failures by the calls of the error.
          const usages = replies.flatMap(({ usage }) => usage ?? []);
          const failed = replies.flatMap(({ lost }) => lost);
          expect(replies.filter(({ usage, lost }) => usage === undefined && lost.length === 0)).toEqual([]);
          const add = (pick: (usage: Usage) => number) => usages.reduce((sum, usage) => sum + pick(usage), 0);
          const lost = totalTokens(failed);
          const tokens = {
            input: add(({ prompt_tokens }) => prompt_tokens) + lost.inputTokens,
            output: add(({ completion_tokens }) => completion_tokens) + lost.outputTokens,
          };
          const attempts = [a!, b!, c!].map(({ attempts }) => attempts);
          const [answered, failures] = [
            attempts.reduce((sum, { ok }) => sum + ok, 0),
            attempts.reduce((sum, { failed }) => sum + failed, 0),
          ];

          const authorization = "Bearer key-one";
          const metrics = await (await app.request("/metrics", { headers: { authorization } })).text();
          const html = await (await app.request("/ui", { headers: { authorization } })).text();

          expect(sumOf(samplesOf(metrics, "tokens_total"), 'type="input"')).toBe(tokens.input);
          expect(sumOf(samplesOf(metrics, "tokens_total"), 'type="output"')).toBe(tokens.output);
          expect(sumOf(samplesOf(metrics, "calls_total"), 'status="ok"')).toBe(answered);
          expect(sumOf(samplesOf(metrics, "calls_total"), 'status="error"')).toBe(failures);
          expect(sumOf(samplesOf(metrics, "runs_total"))).toBe(requests.length);
          expect(sumOf(samplesOf(metrics, "runs_total"), 'status="ok"')).toBe(usages.length);
          expect(sumOf(samplesOf(metrics, "runs_in_flight"))).toBe(0);
          expect(sumOf(samplesOf(metrics, "run_duration_seconds_count"))).toBe(requests.length);
          expect(sumOf(samplesOf(metrics, "call_duration_seconds_count"))).toBe(answered + failures);

          const [cost, calls, all] = valuesIn(part(html, 'class="total"', "</p>"));
          expect({ calls, all }).toEqual({ calls: answered + failures, all: tokens.input + tokens.output });
          const opaque = requests.some(({ model }) => model === "foreign"); // whose models have no price
          if (priced && !opaque) {
            const costUsd = add(({ cost }) => cost!) + totalCost(failed)!;
            expect(cost).toBeCloseTo(costUsd, 12);
            expect(sumOf(samplesOf(metrics, "cost_usd_total"))).toBeCloseTo(costUsd, 12);
            expect(sumOf(samplesOf(metrics, "unpriced_calls_total"))).toBe(0);
            for (const [name, key] of Object.entries({ "key 1": "key-one", "key 2": "key-two" })) {
              const own = replies.filter((reply) => reply.key === key);
              const spent = own.reduce((sum, { usage, lost }) => sum + (usage?.cost ?? totalCost(lost)!), 0);
              const shown = valuesIn(part(html, `<th scope="row">${name}<`, "</tr>")).at(-1);
              if (own.length > 0) expect(shown).toBeCloseTo(spent, 12);
            }
          } else {
            const known = sumOf(samplesOf(metrics, "cost_usd_total"));
            expect(cost).toBeCloseTo(known, 12);
            if (!opaque) expect(sumOf(samplesOf(metrics, "unpriced_calls_total"))).toBe(c!.attempts.ok);
          }
          // The page's own tables and rows add up to its total.
          const tables = part(html, 'id="spend"', "</section>").split("<table>").slice(1);
          for (const table of tables) {
            const rows = valuesIn(table);
            const column = (at: number) =>
              rows.filter((_, index) => index % 3 === at).reduce((sum, value) => sum + value, 0);
            expect([column(0), column(1)]).toEqual([calls, failures]);
            expect(column(2)).toBeCloseTo(cost!, 12);
          }
          const items = part(html, 'id="runs"', "</ol>").split("<li id=").slice(1);
          expect(items).toHaveLength(requests.length);
          for (const { id, usage, lost } of replies) {
            const [, shown] = valuesIn(part(html, `id="run-${id}"`, "</li>"));
            expect(shown).toBe(usage ? usage.prompt_tokens + usage.completion_tokens : totalTokens(lost).totalTokens);
          }
          const facts = items.map((item) => valuesIn(part(item, 'class="facts"', "</p>")));
          expect(facts.reduce((sum, [calls]) => sum + calls!, 0)).toBe(calls);
          expect(facts.reduce((sum, [, tokens]) => sum + tokens!, 0)).toBe(all);
          expect(facts.reduce((sum, [, , cost]) => sum + cost!, 0)).toBeCloseTo(cost!, 12);
        },
      ),
      { numRuns: runsOf(100), seed: 15 },
    );
  });
});

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cost?: number;
}

/** Reads the usage of a reply, plain or streamed. */
function usageIn(text: string): Usage {
  if (!text.startsWith("data:")) return (JSON.parse(text) as { usage: Usage }).usage;
  const events = text.split("\n\n").filter((event) => event.includes('"usage":{'));
  return (JSON.parse(events.at(-1)!.slice("data: ".length)) as { usage: Usage }).usage;
}
