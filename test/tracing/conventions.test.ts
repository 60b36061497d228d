import { SemanticConventions } from "@arizeai/openinference-semantic-conventions";
import * as incubating from "@opentelemetry/semantic-conventions/incubating";
import { describe, expect, it } from "vitest";
import { conventions, openInference, operations } from "../../src/tracing/spans/names.js";

const published = incubating as unknown as Record<string, string>;

describe("names of spans' attributes", () => {
  it.each(Object.entries(conventions))("%s is that of OpenTelemetry", (key, value) => {
    expect([published[`ATTR_${key}`], published[`METRIC_${key}`]]).toContain(value);
  });

  it.each(Object.entries(operations))("the operation %s is that of OpenTelemetry", (key, value) => {
    expect(published[`GEN_AI_OPERATION_NAME_VALUE_${key}`]).toBe(value);
  });

  it.each(Object.entries(openInference))("%s is that of OpenInference", (key, value) => {
    expect((SemanticConventions as Record<string, string>)[key]).toBe(value);
  });
});
