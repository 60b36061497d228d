import { failWith } from "./fail-with.js";
import type { LoopbackProvider, LoopbackRequest } from "./loopback-request.js";
import type { AnswerReply, Reply } from "./reply.js";

/** Class under which `classifyError` knows a fault. */
export type FaultClass =
  | "rate_limit"
  | "quota"
  | "timeout"
  | "network"
  | "server"
  | "context_overflow"
  | "refusal"
  | "authentication"
  | "model_unavailable"
  | "invalid_request"
  | "empty";

/** A request that is to fail, and the answer it would have had. */
export interface FaultDraw {
  readonly request: LoopbackRequest;
  readonly answer: AnswerReply;
  /** Seeded numbers from 0 to 1. */
  readonly random: () => number;
  readonly slowMs: number;
  readonly retryAfter: string;
}

/** One way to fail. */
export interface FaultRule {
  readonly class: FaultClass;
  /** Class where a client reports the same break otherwise. */
  readonly or?: FaultClass;
  /** Providers that never fail so. */
  readonly never?: readonly LoopbackProvider[];
  reply(draw: FaultDraw): Reply;
}

export type ChaosFault =
  | "rateLimit"
  | "rateLimitWithWait"
  | "quota"
  | "hang"
  | "stall"
  | "slowFirstToken"
  | "endless"
  | "reset"
  | "cut"
  | "politeCut"
  | "errorEvent"
  | "invalidJson"
  | "serverError"
  | "overloaded"
  | "contextOverflow"
  | "contentFilter"
  | "filteredAnswer"
  | "refusal"
  | "authentication"
  | "permission"
  | "modelPermission"
  | "retiredModel"
  | "badRequest"
  | "empty"
  | "thoughtsOnly"
  | "brokenToolCall"
  | "brokenOff";

const brokenArguments = '{"city": "Par';

/** Pieces of a stream before it breaks: 0 to 3 of 4. */
const some = ({ random }: FaultDraw) => Math.floor(random() * 4);
const broken = (draw: FaultDraw) => ({ ...draw.answer, text: draw.answer.text, afterChunks: some(draw) });

/**
 * Every fault of `chaos`, with the class that `classifyError` gives it. A fault looks as the provider of the request shows it.
 *
 * **Gotchas**: `hang`, `stall` and `endless` last until the client gives up, and `slowFirstToken` is only slow: their class is `timeout`
 * where the client has a time-out. What Ollama has no filter for, it does not send.
 *
 * @example
 * ```ts
 * import { chaosFaults } from "langgraph-multimodel/testing";
 *
 * console.log(Object.keys(chaosFaults).length); // 27
 * console.log(chaosFaults.overloaded.class); // server
 * ```
 */
export const chaosFaults: Readonly<Record<ChaosFault, FaultRule>> = {
  rateLimit: { class: "rate_limit", reply: () => failWith.rateLimit() },
  rateLimitWithWait: { class: "rate_limit", reply: ({ retryAfter }) => failWith.rateLimit({ retryAfter }) },
  quota: { class: "quota", reply: () => failWith.quota() },
  hang: { class: "timeout", reply: () => failWith.hang() },
  stall: { class: "timeout", reply: (draw) => failWith.hang(broken(draw)) },
  slowFirstToken: { class: "timeout", reply: ({ answer, slowMs }) => ({ ...answer, firstTokenDelayMs: slowMs }) },
  endless: { class: "timeout", reply: ({ answer: { text, headers } }) => failWith.endless({ text, headers }) },
  reset: { class: "network", reply: () => failWith.reset() },
  cut: { class: "network", reply: (draw) => failWith.cut(broken(draw)) },
  politeCut: { class: "network", or: "server", reply: (draw) => failWith.cut({ ...broken(draw), clean: true }) },
  errorEvent: {
    class: "server",
    reply: (draw) => failWith.errorEvent({ ...broken(draw), event: { status: overload(draw) } }),
  },
  invalidJson: {
    class: "server",
    or: "network", // Ollama's client skips the line and misses the end
    reply: (draw) => failWith.invalidJson(draw.request.stream ? broken(draw) : {}),
  },
  serverError: { class: "server", reply: () => failWith.server() },
  overloaded: { class: "server", reply: (draw) => failWith.server({ status: overload(draw) }) },
  contextOverflow: { class: "context_overflow", reply: () => failWith.contextOverflow() },
  contentFilter: { class: "refusal", never: ["ollama"], reply: () => failWith.contentFilter() },
  filteredAnswer: {
    class: "refusal",
    never: ["ollama"],
    reply: ({ answer }) => failWith.filteredAnswer({ text: firstHalf(answer.text) }),
  },
  // in Gemini and Ollama only words say so, which no server can tell from an answer
  refusal: { class: "refusal", never: ["google", "ollama"], reply: () => failWith.refusal() },
  authentication: { class: "authentication", reply: () => failWith.authentication() },
  permission: { class: "authentication", reply: () => failWith.permission() },
  modelPermission: { class: "model_unavailable", reply: () => failWith.modelPermission() },
  retiredModel: { class: "model_unavailable", reply: () => failWith.unknownModel() },
  badRequest: { class: "invalid_request", reply: () => failWith.badRequest() },
  empty: { class: "empty", reply: () => failWith.empty() },
  thoughtsOnly: { class: "empty", reply: () => failWith.thoughtsOnly() },
  brokenToolCall: { class: "empty", reply: brokenToolCall },
  brokenOff: { class: "empty", reply: ({ answer }) => failWith.brokenOff({ text: firstHalf(answer.text) }) },
};

function overload({ request }: FaultDraw): number {
  return request.provider === "anthropic" ? 529 : 503;
}

function firstHalf(text = ""): string {
  return text.slice(0, Math.ceil(text.length / 2));
}

/** Makes a tool call that ends in its middle. Gemini reports it without the call, Ollama fails to parse it. */
function brokenToolCall({ request }: FaultDraw): Reply {
  if (request.provider === "google") return { finishReason: "malformed_call" };
  if (request.provider === "ollama") {
    const message = `error parsing tool call: raw='${brokenArguments}', err=unexpected end of JSON input`;
    return failWith.server({ message });
  }
  const name = request.tools[0] ?? "lookup";
  return { toolCalls: [{ name, args: brokenArguments }], finishReason: "malformed_call" };
}
