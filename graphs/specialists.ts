import { byKeyword, createPipeline, createRouter, firstOf, type Price } from "langgraph-multimodel";
import { cheap, dear, type Script, scripted } from "./scripted-model.js";
import { seats } from "./seats.js";

const seat = (name: string, price: Price, systemPrompt: string, script: Script) => ({
  model: scripted(name, script),
  price,
  systemPrompt,
});
const { code, math, creative, general, editor } = seats({
  code: seat("coder", dear, "You are a programmer.", (question) => `code for "${question}"`),
  math: seat("solver", cheap, "You calculate, step by step.", (question) => `the number "${question}" asks for`),
  creative: seat("writer", dear, "You are a poet.", (question) => `a verse on "${question}"`),
  general: seat("helper", cheap, "You answer in a sentence.", (question) => `a fact on "${question}"`),
  editor: seat(
    "editor",
    cheap,
    "Say in plain words what you are given; add nothing.",
    (found) => `In one voice: ${/\(scripted\) (.*)/.exec(found)?.[1]}.`,
  ),
});

const specialist = createRouter({
  models: { code, math, creative, general },
  route: firstOf(
    byKeyword({ code: ["code", "function"], math: ["calculate", "solve"], creative: ["poem", "story"] }),
    () => "general",
  ),
});

/** A specialist for each kind of task, and one editor that gives all of their answers the same voice. */
export const graph = createPipeline({ stages: { specialist, merge: editor } });
