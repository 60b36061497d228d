// Failure is data inside a graph and an exception only at its edge: named, with its facts as fields, and the ledger kept.
import {
  AllModelsFailedError,
  callsOf,
  createCascade,
  createFallback,
  createRouter,
  InvalidOptionError,
  judgeWith,
  NoRouteError,
} from "langgraph-multimodel";
import { failWith } from "langgraph-multimodel/testing";
import { done, google, openai } from "./support/chat.js";

const refused = await openai("gpt-4o", failWith.authentication());
const down = { model: await google("gemini-2.0-flash", failWith.server()), retry: false } as const;

const chain = createFallback({ models: { refused, down } }).compile();
const failed = await chain.invoke({ messages: "Hi" }).catch((error: unknown) => error);
if (AllModelsFailedError.isInstance(failed)) {
  console.log(failed.message.split("\n")[1]!.trim());
  console.log(failed.failures.map(({ name, class: kind, status }) => ({ name, kind, status })));
  console.log(callsOf(failed).map(({ path, status, costUsd }) => ({ path, status, costUsd })));
}

const undecided = createRouter({ models: { down }, route: () => undefined }).compile();
const lost = await undecided.invoke({ messages: "Hi" }).catch((error: unknown) => error);
if (NoRouteError.isInstance(lost)) console.log(lost.message);

try {
  createCascade({ models: { refused }, verify: judgeWith(refused, { threshold: 0.8 }) });
} catch (error) {
  if (InvalidOptionError.isInstance(error)) console.log(error.message);
}
await done();

// Output:
// refused: authentication: 401 Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys. - check OPENAI_API_KEY
// [
//   { name: 'refused', kind: 'authentication', status: 401 },
//   { name: 'down', kind: 'server', status: 500 }
// ]
// [
//   { path: 'refused', status: 'error', costUsd: 0 },
//   { path: 'down', status: 'error', costUsd: 0 }
// ]
// No model was chosen: the route made no decision. Give `fallback`, or end with firstOf(…, () => "down").
// judgeWith.threshold is 0.8; give a number from 1 to 10
