import { writeFileSync } from "node:fs";
import { Server } from "node:net";
import { inspect } from "node:util";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { InMemoryStore, StateSchema } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import * as library from "langgraph-multimodel";
import * as learned from "langgraph-multimodel/learned";
import * as middleware from "langgraph-multimodel/middleware";
import { z } from "zod";

/** Runs `block-<index>.ts` of a folder one after the other, and writes what each printed and how it ended to `results.json`. */
const [folder = "", count = "0"] = process.argv.slice(2);
const { LOOPBACK, LOOPBACK_GOOGLE } = process.env;

/** What examples in the documentation of src leave out: the library, real clients, and the ledger of a run. */
const client = (model: string) => new ChatOpenAI({ model, configuration: { baseURL: LOOPBACK! } });
const small = client("gpt-4o-mini");
const graph = library.createFallback({ models: { small } }).compile();
const { calls } = await graph.invoke({ messages: "Hi" });
const clients = Object.fromEntries(
  ["a", "b", "c", "openai", "code", "chat", "fast", "other", "tiny"].map((model) => [model, client(model)]),
);
Object.assign(globalThis, library, learned, middleware, clients, {
  createAgent,
  tools: [],
  spare: client("gpt-4o"),
  AIMessage,
  HumanMessage,
  ChatOpenAI,
  ChatGoogleGenerativeAI,
  InMemoryStore,
  StateSchema,
  z,
  small,
  large: client("gpt-4o"),
  gemini: new ChatGoogleGenerativeAI({ model: "gemini-2.0-flash", baseUrl: LOOPBACK_GOOGLE! }),
  graph,
  calls,
  Report: z.object({ title: z.string() }),
});

/** Gemini's client reads no address from the environment, and a server of a page may find its port taken. */
const { fetch } = globalThis;
globalThis.fetch = (input, init) =>
  fetch(
    typeof input === "string" ? input.replace("https://generativelanguage.googleapis.com", LOOPBACK_GOOGLE!) : input,
    init,
  );
const { listen } = Server.prototype;
Server.prototype.listen = function (this: Server, ...given: never[]) {
  const [first] = given as unknown[];
  const anyPort = typeof first === "number" ? 0 : { ...Object(first), port: 0 };
  return listen.apply(this, [anyPort, ...given.slice(1)] as never);
} as typeof listen;

const results: { outcome: string; output: string }[] = [];
for (let index = 0; index < Number(count); index++) {
  const lines: string[] = [];
  console.log = (...values) => {
    lines.push(values.map((value) => (typeof value === "string" ? value : inspect(value))).join(" "));
  };
  const outcome = await import(`${folder}/block-${index}.ts`).then(
    () => "ok",
    (error) => String((error as Error).stack ?? error),
  );
  results.push({ outcome, output: lines.join("\n") });
}
writeFileSync(`${folder}/results.json`, JSON.stringify(results));
process.exit(0);
