import { describe, expect, it } from "vitest";
import { readApproval } from "../../src/text/judgements/read-approval.js";
import { doubtfulApprovals } from "./rows/doubtful-approvals.js";
import { plainApprovals } from "./rows/plain-approvals.js";

describe("readApproval", () => {
  it.each(plainApprovals)("approves by %j", (text) => expect(readApproval(text)).toBe(true));
  it.each(doubtfulApprovals)("does not approve by %j", (text) => expect(readApproval(text)).not.toBe(true));
});
