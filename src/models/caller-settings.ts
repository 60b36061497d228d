import type { Runnable } from "@langchain/core/runnables";
import { InvalidModelError } from "../errors/index.js";
import { constructorFields } from "../langgraph/constructor-fields.js";
import { innermost, tamed, withParameters } from "./client.js";
import type { Client } from "./client-kind.js";
import { kindOf } from "./client-kinds.js";
import type { ModelParameters } from "./model.js";
import { speaksFreely } from "./openai-sdk.js";

/** Settings of models that the caller of a run asks for; they reach those that may give its answer, never judges and routers. */
export interface CallerSettings {
  /** By the names of `ModelParameters`, with `seed` and `reasoningEffort`. */
  readonly parameters: ModelParameters;
  /** Names of those a model that was asked has no parameter for; it answers without. */
  readonly ignored: { add(name: string): unknown };
}

/** A model's client, and the most a provider may send it in one reply. */
interface Settable {
  readonly runnable: Runnable;
  readonly replyBytes: number;
}

/** A client with settings: rebuilt with those it takes from its constructor, beside those it takes with a call. */
interface Prepared {
  readonly runnable: Runnable;
  readonly options: Readonly<Record<string, unknown>>;
  readonly unknown: readonly string[];
}

const rebuilt = new WeakMap<object, Map<string, Prepared>>();

/** Sets of settings that are kept for a client: each needs a client of its own. */
const most = 64;

/** A model's client with the settings of a request; what it has no parameter for is left out, and named. */
export function withSettings({ runnable, replyBytes }: Settable, parameters: ModelParameters): Prepared {
  const known = rebuilt.get(runnable) ?? new Map<string, Prepared>();
  rebuilt.set(runnable, known);
  const key = JSON.stringify(parameters);
  const found = known.get(key) ?? build(runnable, parameters, replyBytes);
  known.delete(key);
  known.set(key, found); // the newest last
  if (known.size > most) known.delete(known.keys().next().value!);
  return found;
}

function build(given: Runnable, parameters: ModelParameters, replyBytes: number): Prepared {
  const client = innermost(given as Client);
  const taken = kindOf(client)?.options ?? { stop: "stop" }; // an option of any chat model of LangChain's
  const options: Record<string, unknown> = {};
  const refused: string[] = [];
  let runnable = given;
  for (const [name, value] of Object.entries(parameters)) {
    if (taken[name] !== undefined) {
      options[taken[name]] = value;
      continue;
    }
    try {
      const wanted = name === "reasoningEffort" ? effortOf(client, value) : { [name]: value };
      if (wanted === undefined) refused.push(name);
      else runnable = withParameters(runnable, wanted, name);
    } catch (error) {
      if (!InvalidModelError.isInstance(error)) throw error;
      refused.push(name);
    }
  }
  return { runnable: runnable === given ? given : tamed(runnable, replyBytes), options, unknown: refused };
}

/** How hard to think, as `ChatOpenAI` is told for any model; OpenAI's own server takes it for models that think only. */
function effortOf(client: Client, effort: unknown): ModelParameters | undefined {
  const { completions, model } = client;
  if (completions === undefined) return undefined;
  const made = constructorFields(client) ?? {};
  if (/^(o\d|gpt-5)/.test(String(model))) return { reasoning: { ...(made.reasoning as object), effort } };
  if (!speaksFreely(completions)) return undefined;
  return { modelKwargs: { ...(made.modelKwargs as object), reasoning_effort: effort } };
}
