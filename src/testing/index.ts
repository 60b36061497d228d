export { type Chaos, type ChaosCounts, type ChaosDraw, type ChaosOptions, chaos } from "./chaos.js";
export { type ChaosFault, chaosFaults, type FaultClass, type FaultRule } from "./chaos-faults.js";
export { type FailureOptions, failWith } from "./fail-with.js";
export type { BilledTokens, LoopbackMessage, LoopbackProvider, LoopbackRequest } from "./loopback-request.js";
export { type LoopbackServer, type LoopbackServerOptions, startLoopbackServer } from "./loopback-server.js";
export type {
  AnswerReply,
  ErrorReply,
  FaultReply,
  Reply,
  ReplyDeltas,
  ReplyError,
  ReplyErrorKind,
  ReplyFault,
  ReplyFinishReason,
  ReplyLogprob,
  ReplyPace,
  ReplySource,
  ReplyToolCall,
  ReplyUsage,
} from "./reply.js";
