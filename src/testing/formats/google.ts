import type { Answer } from "../answer.js";
import { type JsonRecord, recordIn, recordsIn, stringIn } from "../json.js";
import type { LoopbackMessage } from "../loopback-request.js";
import type { ReplyFinishReason } from "../reply.js";
import { type Frames, type Reading, type Route, sse, type WireFormat } from "../wire-format.js";
import { googleError, googleErrorBody } from "./google-error.js";

const FINISH: Readonly<Record<ReplyFinishReason, string>> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  tool_calls: "STOP",
  content_filter: "SAFETY",
  malformed_call: "MALFORMED_FUNCTION_CALL",
  broken_off: "OTHER",
};

/** Gemini REST: `generateContent` and `streamGenerateContent?alt=sse`. */
export const google: WireFormat = {
  provider: "google",
  streamType: "text/event-stream",
  route,
  read,
  answer,
  frames,
  error: googleError,
  // Gemini writes it outside the event syntax: github.com/vercel/ai/issues/5217
  errorEvent: (error, request) => JSON.stringify(googleErrorBody(error, request), null, 2),
};

function route(path: string): Route | undefined {
  const found = /^\/v1[a-z]*\/(?:models|tunedModels)\/(.+):(generateContent|streamGenerateContent)$/.exec(path);
  if (!found) return undefined;
  return { model: decodeURIComponent(found[1] ?? ""), stream: found[2] === "streamGenerateContent" };
}

function read(found: Route, body: JsonRecord): Reading {
  const system = body.systemInstruction ?? body.system_instruction;
  const schema = recordIn(body.generationConfig).responseSchema;
  return {
    model: found.model ?? "",
    messages: [
      ...(system === undefined ? [] : [message({ ...recordIn(system), role: "system" })]),
      ...recordsIn(body.contents).map(message),
    ],
    tools: recordsIn(body.tools)
      .flatMap((tool) => recordsIn(tool.functionDeclarations))
      .map((declaration) => stringIn(declaration.name)),
    ...(schema === undefined ? {} : { responseSchema: schema }),
    stream: found.stream === true,
  };
}

function message(content: JsonRecord): LoopbackMessage {
  const parts = recordsIn(content.parts);
  const results = parts.filter((part) => part.functionResponse !== undefined);
  if (results.length > 0) {
    return { role: "tool", text: results.map((part) => JSON.stringify(part.functionResponse)).join("") };
  }
  const text = parts.map((part) => stringIn(part.text)).join("");
  if (content.role === "system") return { role: "system", text };
  return { role: content.role === "model" ? "assistant" : "user", text };
}

function answer(given: Answer): JsonRecord {
  const text = said(given).join("");
  return {
    candidates: [candidate(given, [...thoughts(given), ...(text === "" ? [] : [{ text }]), ...calls(given)], true)],
    ...usageMetadata(given, 1),
    ...served(given),
  };
}

function frames(given: Answer): Frames {
  const parts: JsonRecord[] = [...thoughts(given), ...said(given).map((text) => ({ text })), ...calls(given)];
  const frame = (shown: readonly JsonRecord[], share: number, last: boolean): string =>
    sse({
      candidates: [candidate(given, shown, last)],
      ...usageMetadata(given, share),
      ...served(given),
    });
  return {
    opening: [],
    chunks: parts.map((part, index) => frame([part], (index + 1) / parts.length, false)),
    closing: [frame(parts.length > 0 ? [{ text: "" }] : [], 1, true)],
  };
}

function said(given: Answer): readonly string[] {
  return given.refusal === undefined ? given.pieces : [...given.pieces, given.refusal];
}

function thoughts({ thoughts: text }: Answer): JsonRecord[] {
  return text === undefined ? [] : [{ text, thought: true }];
}

function calls(given: Answer): JsonRecord[] {
  return given.toolCalls.map(({ name, args, id }) => ({
    functionCall: { name, args: typeof args === "string" ? objectIn(args) : args, ...(id === undefined ? {} : { id }) },
  }));
}

function objectIn(text: string): JsonRecord {
  try {
    return recordIn(JSON.parse(text));
  } catch {
    return {};
  }
}

function candidate(given: Answer, parts: readonly JsonRecord[], last: boolean): JsonRecord {
  const blocked = last && given.finishReason === "content_filter";
  return {
    ...(blocked ? {} : { content: { ...(parts.length > 0 ? { parts } : {}), role: "model" } }),
    ...(last ? { finishReason: FINISH[given.finishReason] } : {}),
    index: 0,
  };
}

/** Returns cumulative usage, which Gemini repeats in every chunk. */
function usageMetadata({ usage }: Answer, share: number): JsonRecord {
  if (!usage) return {};
  const spoken = usage.outputTokens - usage.reasoningTokens;
  const candidatesTokenCount = Math.round(spoken * share);
  return {
    usageMetadata: {
      promptTokenCount: usage.inputTokens,
      candidatesTokenCount,
      totalTokenCount: usage.inputTokens + candidatesTokenCount + usage.reasoningTokens,
      ...(usage.cachedTokens > 0 ? { cachedContentTokenCount: usage.cachedTokens } : {}),
      ...(usage.reasoningTokens > 0 ? { thoughtsTokenCount: usage.reasoningTokens } : {}),
      promptTokensDetails: [{ modality: "TEXT", tokenCount: usage.inputTokens }],
    },
  };
}

function served(given: Answer): JsonRecord {
  return { modelVersion: given.model, responseId: given.id };
}
