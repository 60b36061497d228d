import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { InvalidModelError, NoRouteError } from "../errors/index.js";
import { complexities } from "../routing/detect-complexity.js";
import { keepLedger, keptLedger } from "../state/ledger.js";
import type { RunContext } from "../state/limits.js";
import { askingOf } from "./answer-form.js";
import type { Served } from "./catalogue.js";
import type { ChatRequest } from "./chat-request.js";
import type { Asked } from "./completion.js";
import { errorReply, RequestError } from "./request-error.js";
import { type Setting, settingsOf } from "./settings.js";
import { spentAnswer } from "./spent-answer.js";
import { toMessages } from "./to-messages.js";
import { checkReadable, ignoredFields } from "./unsupported.js";

/** A request, ready to be answered once. */
export interface Run extends Asked {
  whole(): Promise<AIMessage>;
  chunks(): AsyncGenerator<AIMessageChunk>;
}

/**
 * Makes a run of a request: its messages, tools and form, its settings, and what it says of itself as run context.
 *
 * @throws {RequestError} when the model has no such setting, no tools, or cannot be shown the messages
 */
export function runOf(request: ChatRequest, served: Served, signal: AbortSignal): Run {
  const { kind } = served;
  checkReadable(request, served);
  const settings = settingsOf(request);
  const { form, tools, options: asked, unheard } = askingOf(request, served.deaf);
  const model = modelFor(served, settings);
  if (tools.length > 0 && kind === "opaque") throw withoutTools(served, request);
  const bound = tools.length > 0 ? model.bindTools!([...tools], asked) : model;
  const handedOn = kind === "pattern" ? ["stop"] : []; // of these, clients take it with a call
  const stop = settings.filter(({ name }) => handedOn.includes(name));
  const options = {
    signal,
    context: contextOf(request),
    ...(tools.length > 0 ? {} : asked),
    ...Object.fromEntries(stop.map(({ name, value }) => [name, value])),
  };
  const messages = toMessages(request);
  const unset = kind === "chat" ? [] : settings.filter((setting) => !stop.includes(setting));
  /** What a run that threw is answered with all the same. */
  const answerOf = (error: unknown): AIMessage => {
    const answer = kind === "chat" ? spentAnswer(error) : undefined;
    if (answer !== undefined) return answer;
    throw isUnknownLevel(error, request) ? unknownLevel : error;
  };
  return {
    form,
    ignored: [...new Set([...unset.map(({ field }) => field), ...unheard, ...ignoredFields(request)])],
    servedPath: served.servedPath,
    whole: async () => (await bound.invoke(messages, options).catch(answerOf)) as AIMessage,
    async *chunks() {
      try {
        for await (const chunk of await bound.stream(messages, options)) yield chunk as AIMessageChunk;
      } catch (error) {
        const answer = answerOf(error);
        const { usage_metadata, response_metadata } = answer;
        yield keepLedger(new AIMessageChunk({ content: "", usage_metadata, response_metadata }), keptLedger(answer));
      }
    },
  };
}

function modelFor({ name, kind, chatModel }: Served, settings: readonly Setting[]): BaseChatModel {
  if (kind !== "chat") return chatModel({});
  try {
    return chatModel(Object.fromEntries(settings.map((setting) => [setting.name, setting.value])));
  } catch (error) {
    if (!InvalidModelError.isInstance(error)) throw error;
    const refused = settings.find((setting) => error.message.includes(`.parameters.${setting.name}:`));
    const param = (refused ?? settings[0])?.field;
    throw unsupported(`${name} does not take ${param}; leave it out`, param);
  }
}

function withoutTools({ name }: Served, { tools }: ChatRequest): RequestError {
  const param = tools?.length ? "tools" : "response_format";
  return unsupported(`${name} works with tools of its own and takes no ${param}; leave it out`, param);
}

function unsupported(message: string, param: string | undefined): RequestError {
  return new RequestError(errorReply(400, message, { ...(param && { param }), code: "unsupported_parameter" }));
}

const unknownLevel = new RequestError(
  errorReply(400, `metadata.complexity is one of ${complexities.join(", ")}`, { param: "metadata.complexity" }),
);

function isUnknownLevel(error: unknown, { metadata }: ChatRequest): boolean {
  const { complexity } = metadata ?? {};
  const levels: readonly string[] = complexities;
  return NoRouteError.isInstance(error) && complexity !== undefined && !levels.includes(complexity);
}

/** What a request says of itself: for routers (`task`, `complexity`) and for traces (`session_id`, tags). */
function contextOf({ user, metadata }: ChatRequest): RunContext {
  const { task, complexity, session_id: sessionId = user ?? undefined, ...others } = metadata ?? {};
  const tags = Object.entries(others).map(([name, value]) => `${name}:${value}`);
  const context = { task, complexity, sessionId, tags: tags.length > 0 ? tags : undefined };
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
}
