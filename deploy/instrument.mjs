// Spans of every run, for Jaeger: NODE_OPTIONS="--import ./instrument.mjs"; sends to OTEL_EXPORTER_OTLP_ENDPOINT.
import { NodeSDK } from "@opentelemetry/sdk-node";
import { instrument } from "langgraph-multimodel/tracing";

const sdk = new NodeSDK();
sdk.start();
instrument();
process.once("beforeExit", () => sdk.shutdown());
