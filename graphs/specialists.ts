import { byKeyword, createPipeline, createRouter, firstOf } from "langgraph-multimodel";
import { cheap, dear, scripted } from "./scripted-model.js";

const coder = scripted("coder", (question) => `code for "${question}"`);
const solver = scripted("solver", (question) => `the number "${question}" asks for`);
const writer = scripted("writer", (question) => `a verse on "${question}"`);
const helper = scripted("helper", (question) => `a fact on "${question}"`);

const specialist = createRouter({
  models: {
    code: { model: coder, price: dear, systemPrompt: "You are a programmer." },
    math: { model: solver, price: cheap, systemPrompt: "You calculate, step by step." },
    creative: { model: writer, price: dear, systemPrompt: "You are a poet." },
    general: { model: helper, price: cheap, systemPrompt: "You answer in a sentence." },
  },
  route: firstOf(
    byKeyword({ code: ["code", "function"], math: ["calculate", "solve"], creative: ["poem", "story"] }),
    () => "general",
  ),
});

const editor = scripted("editor", (found) => `In one voice: ${/\(scripted\) (.*)/.exec(found)?.[1]}.`);

/** A specialist for each kind of task, and one editor that gives all of their answers the same voice. */
export const graph = createPipeline({ stages: { specialist, merge: { model: editor, price: cheap } } });
