export { type FailureOptions, failWith } from "./fail-with.js";
export type { LoopbackMessage, LoopbackProvider, LoopbackRequest } from "./loopback-request.js";
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
