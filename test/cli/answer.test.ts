import { HumanMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { answer } from "../../src/cli/answer.js";
import { check, createCascade, createEnsemble, createFallback, createRouter, firstAnswer } from "../../src/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai } = useLoopback();
const verify = check(({ answer: { text } }) => text.startsWith("good"));

describe("answer", () => {
  it("shows a nested answer once, and the same outcome, whether or not it collects the steps", async () => {
    const shown: string[][] = [];
    const outcomes = [];
    for (const steps of [false, true]) {
      server.reply("small", "bad");
      server.reply("large", "good words that come in pieces");
      const graph = createRouter({
        models: {
          team: createFallback({
            models: { cascade: createCascade({ models: { small: openai("small"), large: openai("large") }, verify }) },
          }),
          lanes: createEnsemble({
            models: { small: openai("small"), large: openai("large") },
            aggregate: firstAnswer(),
          }),
        },
        route: () => "team",
      });
      const texts: string[] = [];
      const onText = (text: string) => void texts.push(text);
      const messages = [new HumanMessage("Hi")];
      outcomes.push(await answer(graph.compile(), { messages, signal: new AbortController().signal, steps, onText }));
      shown.push(texts);
    }
    expect(shown[1]).toEqual(shown[0]);
    expect(shown[1]!.join("")).toBe("good words that come in pieces");
    const [without, collected] = outcomes;
    expect(without!.steps).toEqual([]);
    expect(collected!.steps!.map(({ node }) => node)).toEqual([
      "router",
      "team:cascade:small",
      "team:cascade:verifier",
      "team:cascade:large",
      "team:cascade:verifier",
      "team:cascade",
      "team",
    ]);
    const facts = ({ text, modelUsed, decisions, calls }: typeof collected & object) => ({
      ...{ text, modelUsed, decisions },
      paths: calls.map(({ path }) => path),
    });
    expect(facts(collected!)).toEqual(facts(without!));
  });
});
