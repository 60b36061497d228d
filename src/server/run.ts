import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessage, AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import { InvalidModelError } from "../errors.js";
import type { RunContext } from "../state/limits.js";
import { askingOf } from "./answer-form.js";
import type { Served } from "./catalogue.js";
import type { ChatRequest } from "./chat-request.js";
import type { Asked } from "./completion.js";
import { errorReply, RequestError } from "./request-error.js";
import { type Setting, settingsOf } from "./settings.js";
import { toMessages } from "./to-messages.js";
import { ignoredFields } from "./unsupported.js";

/** A request, ready to be answered once. */
export interface Run extends Asked {
  whole(): Promise<AIMessage>;
  chunks(): AsyncGenerator<AIMessageChunk>;
}

/**
 * Makes a run of a request: its messages, tools and form, its settings, and what it says of itself as run context.
 *
 * @throws {RequestError} when the model has no such setting, or no tools
 */
export function runOf(request: ChatRequest, served: Served, signal: AbortSignal): Run {
  const settings = settingsOf(request);
  const { form, tools, options: asked } = askingOf(request);
  const model = modelFor(served, settings);
  const bound = tools.length > 0 ? withTools(model, tools, asked) : model;
  const stop = served.takesParameters ? [] : settings.filter(({ name }) => name === "stop"); // of these, clients take it with a call
  const options = {
    signal,
    context: contextOf(request),
    ...(tools.length > 0 ? {} : asked),
    ...Object.fromEntries(stop.map(({ name, value }) => [name, value])),
  };
  const messages = toMessages(request);
  const unheard = served.takesParameters ? [] : settings.filter((setting) => !stop.includes(setting));
  return {
    form,
    ignored: [...unheard.map(({ field }) => field), ...ignoredFields(request)],
    whole: () => bound.invoke(messages, options),
    async *chunks() {
      for await (const chunk of await bound.stream(messages, options)) yield chunk as AIMessageChunk;
    },
  };
}

function modelFor({ name, takesParameters, chatModel }: Served, settings: readonly Setting[]): BaseChatModel {
  if (!takesParameters) return chatModel({});
  try {
    return chatModel(Object.fromEntries(settings.map((setting) => [setting.name, setting.value])));
  } catch (error) {
    if (!InvalidModelError.isInstance(error)) throw error;
    const refused = settings.find((setting) => error.message.includes(`.parameters.${setting.name}:`));
    const param = (refused ?? settings[0])?.field;
    throw unsupported(`${name} does not take ${param}; leave it out`, param);
  }
}

function withTools(
  model: BaseChatModel,
  tools: readonly object[],
  options: object,
): Runnable<BaseMessage[], AIMessage> {
  try {
    return model.bindTools!([...tools], options) as Runnable<BaseMessage[], AIMessage>;
  } catch (error) {
    throw InvalidModelError.isInstance(error) ? unsupported(error.message, "tools") : error;
  }
}

function unsupported(message: string, param: string | undefined): RequestError {
  return new RequestError(errorReply(400, message, { ...(param && { param }), code: "unsupported_parameter" }));
}

/** What a request says of itself: for routers (`task`, `complexity`) and for traces (`session_id`, tags). */
function contextOf({ user, metadata }: ChatRequest): RunContext {
  const { task, complexity, session_id: sessionId = user ?? undefined, ...others } = metadata ?? {};
  const tags = Object.entries(others).map(([name, value]) => `${name}:${value}`);
  const context = { task, complexity, sessionId, tags: tags.length > 0 ? tags : undefined };
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
}
