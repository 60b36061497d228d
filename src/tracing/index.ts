export { instrument } from "./instrument.js";
export { type OpenTelemetryOptions, openTelemetry } from "./open-telemetry.js";
