import type { Runnable } from "@langchain/core/runnables";
import { InvalidModelError, InvalidOptionError } from "../errors/index.js";
import { constructorFields } from "../langgraph/constructor-fields.js";
import type { ReplyBounds } from "./bounded-fetch.js";
import { innermost, patched, withParameters } from "./client.js";
import type { Client } from "./client-kind.js";
import { kindOf } from "./client-kinds.js";
import type { ModelParameters } from "./model.js";
import { allowsForeignFields } from "./openai-sdk.js";

/** Model settings of the caller, applied to models that may give the answer, never to judges and routers. */
export interface CallerSettings {
  /** Parameters by the names of `ModelParameters`, with `seed` and `reasoningEffort`. */
  readonly parameters: ModelParameters;
  /** Collects names of parameters that a called model does not support. */
  readonly ignored: { add(name: string): unknown };
}

interface Settable {
  readonly runnable: Runnable;
  readonly bounds: ReplyBounds;
}

interface Prepared {
  readonly runnable: Runnable;
  readonly options: Readonly<Record<string, unknown>>;
  readonly unknown: readonly string[];
}

const rebuilt = new WeakMap<object, Map<string, Prepared>>();

/** Maximum number of rebuilt clients kept per client, one for each set of settings. */
const most = 64;

/** Returns a client with the given parameters, rebuilt or as call options, and the names of unsupported ones. */
export function withSettings({ runnable, bounds }: Settable, parameters: ModelParameters): Prepared {
  const known = rebuilt.get(runnable) ?? new Map<string, Prepared>();
  rebuilt.set(runnable, known);
  const key = JSON.stringify(parameters);
  const found = known.get(key) ?? build(runnable, parameters, bounds);
  known.delete(key);
  known.set(key, found); // the newest last
  if (known.size > most) known.delete(known.keys().next().value!);
  return found;
}

function build(given: Runnable, parameters: ModelParameters, bounds: ReplyBounds): Prepared {
  const kind = kindOf(innermost(given as Client));
  const taken = kind?.options ?? { stop: "stop" }; // an option of every LangChain chat model
  const options: Record<string, unknown> = {};
  const refused: string[] = [];
  let runnable = withoutInBody(given, Object.keys(parameters));
  for (const [name, wished] of Object.entries(parameters)) {
    const value = name === "thinking" && kind?.thinkingIsBoolean ? isThinkingOn(wished) : wished;
    if (taken[name] !== undefined) {
      options[taken[name]] = value;
      continue;
    }
    try {
      const client = innermost(runnable as Client);
      const wanted = inBody(client, name, value) ?? (name === "reasoningEffort" ? undefined : { [name]: value });
      if (wanted === undefined) refused.push(name);
      else runnable = withParameters(runnable, wanted, name);
    } catch (error) {
      if (!InvalidOptionError.isInstance(error) && !InvalidModelError.isInstance(error)) throw error;
      refused.push(name);
    }
  }
  return { runnable: runnable === given ? given : patched(runnable, bounds), options, unknown: refused };
}

/** Reads Claude's form of `thinking` for clients that take true or false. */
function isThinkingOn(wished: unknown): boolean {
  return (Object(wished) as { readonly type?: unknown }).type !== "disabled" && wished !== false;
}

/** Names of settings in the body of OpenAI's API. */
const bodyNames: Readonly<Record<string, readonly string[]>> = {
  temperature: ["temperature"],
  maxTokens: ["max_tokens", "max_completion_tokens"],
  topP: ["top_p"],
  topK: ["top_k"],
  seed: ["seed"],
  stop: ["stop"],
  frequencyPenalty: ["frequency_penalty"],
  presencePenalty: ["presence_penalty"],
  reasoningEffort: ["reasoning_effort"],
};

/** Drops settings from the body a client was made with, which would win over those of a call. */
function withoutInBody(given: Runnable, names: readonly string[]): Runnable {
  const { modelKwargs } = constructorFields(innermost(given as Client)) ?? {};
  const own = Object.entries(Object(modelKwargs) as object);
  const replaced = names.flatMap((name) => bodyNames[name] ?? []);
  const kept = own.filter(([field]) => !replaced.includes(field));
  if (kept.length === own.length) return given;
  return withParameters(given, { modelKwargs: Object.fromEntries(kept) }, "body");
}

/**
 * Returns a client's fields for a setting that is no parameter of it; `undefined` if its server does not know it. OpenAI's own server
 * accepts `reasoningEffort` for reasoning models only.
 */
function inBody(client: Client, name: string, value: unknown): ModelParameters | undefined {
  const { completions } = client;
  if (completions === undefined || (name !== "reasoningEffort" && name !== "topK")) return undefined;
  const made = constructorFields(client) ?? {};
  if (name === "reasoningEffort" && isReasoningModel(client))
    return { reasoning: { ...(made.reasoning as object), effort: value } };
  if (!allowsForeignFields(completions)) return undefined;
  return { modelKwargs: { ...(made.modelKwargs as object), [bodyNames[name]![0]!]: value } };
}

/** Returns whether a client's model is one of OpenAI's reasoning models, which accept other parameters. */
export function isReasoningModel({ model }: Client): boolean {
  return /^(o\d|gpt-5)/.test(String(model));
}
