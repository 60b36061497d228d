import { bestOf } from "../aggregation/best-of.js";
import { firstAnswer } from "../aggregation/first-answer.js";
import { longest } from "../aggregation/longest.js";
import { majorityVote } from "../aggregation/majority-vote.js";
import { synthesizeWith } from "../aggregation/synthesize-with.js";
import { weightedVote } from "../aggregation/weighted-vote.js";
import { extractWith } from "../context/extract-with.js";
import { fullHistory } from "../context/full-history.js";
import { lastMessages } from "../context/last-messages.js";
import { latestOnly } from "../context/latest-only.js";
import { sharedMemory } from "../context/shared-memory.js";
import { summarizeWith } from "../context/summarize-with.js";
import { thompson } from "../routing/adapting/thompson.js";
import { byCapability } from "../routing/by-capability.js";
import { byComplexity } from "../routing/by-complexity.js";
import { byContextWindow } from "../routing/by-context-window.js";
import { byCost } from "../routing/by-cost.js";
import { byKeyword } from "../routing/by-keyword.js";
import { byLatency } from "../routing/by-latency.js";
import { byPhase } from "../routing/by-phase.js";
import { bySimilarity } from "../routing/by-similarity.js";
import { byTask } from "../routing/by-task.js";
import { byTokens } from "../routing/by-tokens.js";
import { classifyWith } from "../routing/classify-with.js";
import { firstOf } from "../routing/first-of.js";
import { latencyOptimized } from "../routing/latency-optimized.js";
import { qualityFocused } from "../routing/quality-focused.js";
import { untilApproved } from "../routing/until-approved.js";
import { weighted } from "../routing/weighted.js";
import { normalizeChoice } from "../text/normalizers/normalize-choice.js";
import { normalizeJson } from "../text/normalizers/normalize-json.js";
import { agreement } from "../verification/agreement.js";
import { allOf } from "../verification/all-of.js";
import { anyOf } from "../verification/any-of.js";
import { check } from "../verification/check.js";
import { consistency } from "../verification/consistency.js";
import { groundedIn } from "../verification/grounded-in.js";
import { judgeWith } from "../verification/judge-with.js";
import { logprobs } from "../verification/logprobs.js";
import { matchesSchema } from "../verification/matches-schema.js";
import { selfReported } from "../verification/self-reported.js";

/** Strategy factories of this library, each with an example call for the error about a factory that was not called. */
export const strategyFactories: readonly (readonly [factory: object, call: string])[] = [
  [agreement, "agreement()"],
  [allOf, "allOf(verifier, verifier)"],
  [anyOf, "anyOf(verifier, verifier)"],
  [bestOf, "bestOf(model)"],
  [byCapability, "byCapability()"],
  [byComplexity, 'byComplexity({ simple: "small", complex: "large" })'],
  [byContextWindow, "byContextWindow()"],
  [byCost, "byCost({ quality, min })"],
  [byKeyword, 'byKeyword({ code: ["debug"] })'],
  [byLatency, "byLatency({ deadlineMs: 3_000 })"],
  [byPhase, 'byPhase({ plan: "large", act: "small" })'],
  [bySimilarity, "bySimilarity({ embeddings, examples, threshold })"],
  [byTask, "byTask({ table })"],
  [byTokens, 'byTokens({ 500: "fast" }, "powerful")'],
  [check, "check(({ answer }) => answer.text.length < 500)"],
  [classifyWith, "classifyWith(model)"],
  [consistency, "consistency({ samples: 5 })"],
  [extractWith, "extractWith(model, schema)"],
  [firstAnswer, "firstAnswer()"],
  [firstOf, "firstOf(route, route)"],
  [fullHistory, "fullHistory()"],
  [groundedIn, "groundedIn()"],
  [judgeWith, "judgeWith(model)"],
  [lastMessages, "lastMessages(5)"],
  [latencyOptimized, "latencyOptimized()"],
  [latestOnly, "latestOnly()"],
  [logprobs, "logprobs()"],
  [longest, "longest()"],
  [majorityVote, "majorityVote()"],
  [matchesSchema, "matchesSchema(schema)"],
  [normalizeChoice, 'normalizeChoice("ABCD")'],
  [normalizeJson, 'normalizeJson("answer")'],
  [qualityFocused, "qualityFocused()"],
  [selfReported, "selfReported()"],
  [sharedMemory, 'sharedMemory({ namespace: "notes" })'],
  [summarizeWith, "summarizeWith(model)"],
  [synthesizeWith, "synthesizeWith(model)"],
  [thompson, "thompson({ reward })"],
  [untilApproved, 'untilApproved("code")'],
  [weighted, "weighted({ a: 0.9, b: 0.1 })"],
  [weightedVote, "weightedVote({ weights: { large: 2 } })"],
];
