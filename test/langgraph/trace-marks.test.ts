import { describe, expect, it } from "vitest";
import { withoutMarks } from "../../src/langgraph/trace-marks.js";

describe("withoutMarks", () => {
  it("leaves out what marks a run as one of a model or an agent, and nothing else", () => {
    const marks = { ls_provider: "a", ls_model_name: "b", ls_structured_output_format: {}, lc_agent_name: "boss" };
    const own = { tenant: "x", thread_id: "1", lc_other: 1, xls_: 2 };
    expect(withoutMarks({ ...marks, ...own })).toEqual(own);
    expect(withoutMarks()).toEqual({});
  });
});
