import { expect, it } from "vitest";
import { z } from "zod";
import { asSent } from "../../src/models/request-extras.js";

it("reads a tool as it is sent, and ends at a cycle", () => {
  const look = { name: "look", description: "Looks", schema: z.object({ at: z.string() }) };
  expect(JSON.stringify(asSent(look))).toContain('"at":{"type":"string"}');
  const cycle: Record<string, unknown> = { type: "provider_tool" };
  cycle.client = cycle;
  expect(JSON.stringify(asSent(cycle))).toContain("provider_tool");
});
