// The package where `@opentelemetry/api` is not installed, and which packages of OpenTelemetry it asks for.
import { register } from "node:module";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { FakeListChatModel } from "@langchain/core/utils/testing";

const hooks = `
let port;
export const initialize = (data) => { port = data.port; };
export async function resolve(specifier, context, next) {
  if (!specifier.startsWith("@opentelemetry/")) return next(specifier, context);
  port.postMessage(specifier);
  throw Object.assign(new Error("Cannot find package '" + specifier + "'"), { code: "ERR_MODULE_NOT_FOUND" });
}`;
const { port1: heard, port2: port } = new MessageChannel();
register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: { port }, transferList: [port] });
function asked() {
  const first = receiveMessageOnPort(heard);
  return first === undefined ? [] : [first.message, ...asked()];
}
const { createFallback } = await import("langgraph-multimodel");
const { instrument, openTelemetry } = await import("langgraph-multimodel/tracing");
const graph = createFallback({ models: { a: new FakeListChatModel({ responses: ["yes"] }) } }).compile();
const outcome = (run) =>
  run.then(
    ({ messages }) => messages.at(-1).text,
    ({ name, message }) => `${name}: ${message}`,
  );
console.error = () => {}; // LangChain logs the errors of handlers
const ask = (callbacks) => outcome(graph.invoke({ messages: "Hi" }, { callbacks }));
const plain = await ask([]);
const before = asked();
const one = await ask([openTelemetry()]);
const undo = instrument();
const all = await ask([]);
undo();
process.stdout.write(JSON.stringify({ plain, before, one, all, after: await ask([]) }));
heard.close();
