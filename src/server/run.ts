import { type AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { NoRouteError } from "../errors/index.js";
import { keepLedger, keptLedger } from "../ledger/kept-ledger.js";
import { complexities } from "../routing/detect-complexity.js";
import type { RunContext } from "../state/run-context.js";
import type { ReplyStream } from "./app-options.js";
import type { Served } from "./catalogue.js";
import type { ReplyContext, RunRequest } from "./protocol.js";
import { requestedAnswer } from "./request/answer-form.js";
import { isNeeded } from "./request/settings.js";
import { errorReply, RequestError } from "./request-error.js";
import { providersReply } from "./spent-answer.js";

export interface Run extends ReplyContext {
  whole(): Promise<AIMessage>;
  chunks(): AsyncGenerator<AIMessageChunk>;
}

/**
 * Prepares the run of a request.
 *
 * @param stream how a stream comes unless the request says otherwise
 * @throws {RequestError} when the model does not support a setting, tools, or the messages
 */
export function runOf(request: RunRequest, served: Served, signal: AbortSignal, stream: ReplyStream): Run {
  const { kind } = served;
  request.check?.(served);
  const given = request.settings;
  const requested = requestedAnswer(request.form, served.textOnly);
  const { form, tools, options: formOptions } = requested;
  if (kind === "opaque" && (tools.length > 0 || form?.tool !== undefined)) throw withoutTools(served, request);
  const parameters = Object.fromEntries(given.map(({ name, value }) => [name, value]));
  const ignored = new Set(kind === "opaque" ? Object.keys(parameters) : served.unknownSettings(parameters));
  const needed = kind === "chat" ? given.find((setting) => ignored.has(setting.name) && isNeeded(setting)) : undefined;
  if (needed !== undefined) {
    throw unsupported(`${served.name} does not support ${needed.field}; leave it out`, needed.field);
  }
  const model = served.chatModels[request.stream ?? stream];
  const bound = tools.length > 0 ? model.bindTools!([...tools], formOptions) : model;
  const settings = kind === "opaque" || given.length === 0 ? {} : { settings: { parameters, ignored } };
  const options = { signal, context: contextOf(request), ...(tools.length > 0 ? {} : formOptions), ...settings };
  const messages = request.messages();
  /** Converts a failure that the provider itself would have answered. */
  const answerOf = (error: unknown): AIMessage => {
    const answer = providersReply(error, kind === "chat" || parameters.maxTokens !== undefined);
    if (answer !== undefined) return answer;
    throw isUnknownLevel(error, request) ? unknownLevel : error;
  };
  return {
    form,
    get ignored() {
      const unset = given.filter(({ name }) => ignored.has(name)).map(({ field }) => field);
      return [...new Set([...unset, ...requested.ignored.map((field) => ownName(request, field)), ...request.ignored])];
    },
    servedPath: served.servedPath,
    whole: async () => (await bound.invoke(messages, options).catch(answerOf)) as AIMessage,
    async *chunks() {
      try {
        for await (const chunk of await bound.stream(messages, options)) yield chunk as AIMessageChunk;
      } catch (error) {
        const answer = answerOf(error);
        const { usage_metadata, response_metadata, additional_kwargs } = answer;
        const chunk = new AIMessageChunk({ content: "", usage_metadata, response_metadata, additional_kwargs });
        yield keepLedger(chunk, keptLedger(answer));
      }
    },
  };
}

/** Returns the protocol's own name of a field of chat completions. */
function ownName({ fieldNames = {} }: RunRequest, field: string): string {
  return fieldNames[field] ?? field;
}

function withoutTools({ name }: Served, request: RunRequest): RequestError {
  const param = ownName(request, request.form.tools?.length ? "tools" : "response_format");
  return unsupported(`${name} has tools of its own and does not support ${param}; leave it out`, param);
}

function unsupported(message: string, param: string | undefined): RequestError {
  return new RequestError(errorReply(400, message, { ...(param && { param }), code: "unsupported_parameter" }));
}

const unknownLevel = new RequestError(
  errorReply(400, `metadata.complexity must be one of ${complexities.join(", ")}`, { param: "metadata.complexity" }),
);

function isUnknownLevel(error: unknown, { metadata }: RunRequest): boolean {
  const { complexity } = metadata ?? {};
  const levels: readonly string[] = complexities;
  return NoRouteError.isInstance(error) && complexity !== undefined && !levels.includes(complexity);
}

/** Builds the run context: `task` and `complexity` for routers, `session_id` and tags for traces. */
function contextOf({ user, metadata }: RunRequest): RunContext {
  const { task, complexity, session_id: sessionId = user ?? undefined, ...others } = metadata ?? {};
  const tags = Object.entries(others).map(([name, value]) => `${name}:${value}`);
  const context = { task, complexity, sessionId, tags: tags.length > 0 ? tags : undefined };
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
}
