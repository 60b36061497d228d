import type { Attributes, MeterProvider } from "@opentelemetry/api";
import type { ModelCall } from "../../ledger/model-call.js";
import { operationOf } from "./call-attributes.js";
import { conventions as genAi, own } from "./names.js";

/** Name under which spans and metrics are recorded. */
export const scopeName = "langgraph-multimodel";

/** Records calls as metrics. */
export type RecordCall = (call: ModelCall, provider: string | undefined) => void;

/** Bucket boundaries that the GenAI conventions recommend. */
const seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const counts = Array.from({ length: 14 }, (_, power) => 4 ** power);

const recorders = new WeakMap<MeterProvider, RecordCall>();

/** Returns what records calls at a provider, one for all runs. */
export function metersOf(provider: MeterProvider): RecordCall {
  const recorder = recorders.get(provider) ?? makeMeters(provider);
  recorders.set(provider, recorder);
  return recorder;
}

function makeMeters(provider: MeterProvider): RecordCall {
  const meter = provider.getMeter(scopeName);
  const histogram = (name: string, unit: string, description: string, explicitBucketBoundaries: number[]) =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries } });
  const duration = histogram(genAi.GEN_AI_CLIENT_OPERATION_DURATION, "s", "Duration of calls", seconds);
  const firstToken = histogram(
    genAi.GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK,
    "s",
    "Time from a call to its first token",
    seconds,
  );
  const tokens = histogram(genAi.GEN_AI_CLIENT_TOKEN_USAGE, "{token}", "Tokens of calls", counts);
  const cost = meter.createCounter(own.cost, { unit: "{USD}", description: "Cost of calls whose price is known" });
  const errors = meter.createCounter(own.errors, { unit: "{call}", description: "Calls that failed, by error class" });
  const recorded = new WeakSet<ModelCall>(); // handlers with different tracer providers share this one
  return (call, system) => {
    if (recorded.has(call)) return;
    recorded.add(call);
    const { usage, costUsd, error, timeToFirstTokenMs } = call;
    const of: Attributes = {
      [genAi.GEN_AI_OPERATION_NAME]: operationOf(call),
      ...(system !== undefined && { [genAi.GEN_AI_PROVIDER_NAME]: system }),
      [genAi.GEN_AI_REQUEST_MODEL]: call.model,
      [own.entry]: call.node,
      [own.role]: call.role,
    };
    const failed = error === undefined ? of : { ...of, [genAi.ERROR_TYPE]: error.class };
    duration.record(call.latencyMs / 1000, { ...failed, [own.status]: call.status });
    if (timeToFirstTokenMs !== undefined) firstToken.record(timeToFirstTokenMs / 1000, of);
    if (usage !== undefined) {
      tokens.record(usage.inputTokens, { ...of, [genAi.GEN_AI_TOKEN_TYPE]: "input" });
      tokens.record(usage.outputTokens, { ...of, [genAi.GEN_AI_TOKEN_TYPE]: "output" });
    }
    if (costUsd !== null) cost.add(costUsd, of);
    if (error !== undefined) errors.add(1, failed);
  };
}
