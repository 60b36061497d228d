// A service as its users start it: the Node SDK with its exporters, and one line for all runs.
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtoExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createEnsemble, createFallback, createRouter, majorityVote } from "langgraph-multimodel";
import { instrument } from "langgraph-multimodel/tracing";

const [url] = process.argv.slice(2);
const sdk = new NodeSDK({
  serviceName: "traced-process",
  instrumentations: [],
  spanProcessors: [
    new BatchSpanProcessor(new ProtoExporter({ url: `${url}/proto` })),
    new BatchSpanProcessor(new JsonExporter({ url: `${url}/json` })),
  ],
  metricReaders: [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: `${url}/metrics` }) })],
});
sdk.start();
instrument();

const says = (text) => ({
  model: new FakeListChatModel({ responses: [text] }),
  price: { input: 1_000, output: 1_000 },
});
const down = new FakeListChatModel({ responses: ["never"] });
down._generate = async () => {
  throw Object.assign(new Error("down"), { status: 500 });
};
const lane = createFallback({ models: { down: { model: down, retry: false }, up: says("yes") } });
const team = createEnsemble({ models: { a: lane, b: says("yes") }, aggregate: majorityVote() });
const graph = createRouter({ models: { team, small: says("small") }, route: () => "team" }).compile();
const { calls } = await graph.invoke({ messages: "Hi" }, { context: { sessionId: "s-1", tags: ["nightly"] } });
await sdk.shutdown();
process.stdout.write(JSON.stringify(calls));
