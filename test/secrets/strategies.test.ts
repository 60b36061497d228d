import { inspect } from "node:util";
import { AIMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import {
  createCascade,
  createEnsemble,
  createQualityGate,
  createRouter,
  type Route,
  type RouteChoice,
  type Verdict,
} from "../../src/index.js";
import { rememberSecret } from "../../src/secrets/known-secrets.js";
import { saying } from "../support/fakes.js";

const secret = "orchid-lantern-velvet-of-a-provider";
rememberSecret(secret);

/** What a state shows, at any depth. */
const seen = (state: object) => `${inspect(state, { depth: 30, showHidden: true })}${JSON.stringify(state)}`;

const verdicts: Readonly<Record<string, object>> = {
  reason: { reason: `saw ${secret}` },
  feedback: { feedback: `saw ${secret}` },
  "an error": { error: new Error(`saw ${secret}`, { cause: new Error(secret) }) },
  "fields of a list": { found: [{ in: { header: [`Bearer ${secret}`] } }] },
  "a name": { [secret]: true },
  "a map": { found: new Map([["header", secret]]) },
  "an object of a class": {
    found: new (class Found {
      readonly header = secret;
    })(),
  },
  "an address": { found: new URL(`https://host.example/?gate=${secret}`) },
  "a deep record": { found: JSON.parse(`${'{"in":'.repeat(30)}"${secret}"${"}".repeat(30)}`) },
};

describe("a known secret that a strategy quotes", () => {
  it.each(Object.entries(verdicts))("does not reach the state in a verdict: %s", async (_, more) => {
    for (const pass of [true, false]) {
      const verify = () => ({ pass, score: 0.5, ...more }) as Verdict;
      const cascade = await createCascade({ models: { small: saying("So."), large: saying("So it is.") }, verify })
        .compile()
        .invoke({ messages: "Hi" });
      expect(seen(cascade)).not.toContain(secret);
      expect(cascade.verdict).toMatchObject({ pass, score: 0.5 });
      const gate = await createQualityGate({ model: saying("So.", "So."), verify, maxRevisions: 1 })
        .compile()
        .invoke({ messages: "Hi" });
      expect(seen(gate)).not.toContain(secret);
    }
  });

  it.each<[string, RouteChoice<"one">]>([
    ["label", { name: "one", label: secret }],
    ["reason", { name: "one", reason: `saw ${secret}` }],
    ["names of scores", { name: "one", scores: { [secret]: 1 } }],
  ])("does not reach the state in a route's %s", async (_, choice) => {
    const route: Route<"one"> = () => choice;
    const state = await createRouter({ models: { one: saying("So.") }, route })
      .compile()
      .invoke({ messages: "Hi" });
    expect(seen(state)).not.toContain(secret);
    expect(state.decisions).toMatchObject([{ kind: "route", chosen: "one" }]);
  });

  it("does not reach the state in votes", async () => {
    const state = await createEnsemble({
      models: { one: saying("So."), two: saying("Or so.") },
      aggregate: () => ({ message: new AIMessage("So."), confidence: 1, reason: secret, votes: { [secret]: 2 } }),
    })
      .compile()
      .invoke({ messages: "Hi" });
    expect(seen(state)).not.toContain(secret);
    expect(state.decisions.at(-1)?.scores).toEqual({ "[redacted]": 2 });
  });

  it("stays in an answer, which is the model's", async () => {
    const verify = ({ answer }: { readonly answer: AIMessage }) => ({ pass: true, answer });
    const state = await createCascade({ models: { one: saying(`It is ${secret}`), two: saying("No.") }, verify })
      .compile()
      .invoke({ messages: "Hi" });
    expect(state.messages.at(-1)?.text).toBe(`It is ${secret}`);
  });
});
