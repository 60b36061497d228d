import { describe, expect, it } from "vitest";
import { readApproval } from "../../src/text/judgements/read-approval.js";

describe("readApproval › what stands beside an approval", () => {
  it.each([
    ...["Further comments: none", "Required changes: none.", "Feedback: no", "Issues: N/A", "  Changes: none!!"],
    ...["👍", "I ran the tests.", "I have also checked the types.", "I reviewed it"],
  ])("approves with %j on the next line", (line) => {
    expect(readApproval(`Approved.\n${line}`)).toBe(true);
  });

  it.each([
    ...["Feedback: none, but slow", "No feedback: none", "Comment - none: it crashes", "Feedback", "👎", "❌"],
    ...["I ran the tests and they crashed.", "I ran the tests, not all.", "I ran the tests, but one is red."],
    ...["Now I ran the tests.", "It leaks.", "The leak is fixed.", "Add a test.", "It would work if you add a test."],
  ])("does not approve with %j on the next line", (line) => {
    expect(readApproval(`Approved.\n${line}`)).toBe(false);
  });

  it.each([
    ...["1. Approved", "10. Approved", "   > Approved", "x // Approved", "☐ tests\nApproved", "- [ ] tests\nApproved"],
    ...["```\nx\n```\nApproved", "```\nApproved", '{"x": 1}\nApproved', "`foo()` is fine. Approved", "Approved by me"],
    ...["After review, I approve", "Great work — approved", "Great work - approved", "Final: approved"],
    ...["All good - the code is approved", "Approved: great work", "Approved (great work)", "Tests pass, so approved"],
  ])("approves by %j", (text) => {
    expect(readApproval(text)).toBe(true);
  });

  it.each([
    ...["//  Approved", "  // Approved", "- [ ] Approved", "a) Approved", "- Approved.\n- I ran the tests."],
    ...["Approved?", "Approved? (yes)", "Approved?!", "Approved ?)", '"Approved?"', "Is it approved? Yes"],
    ...["Approved - the bug is fixed", "Approved, the bug remains", "Approved, and the tests crash", "Approved… not"],
    ...["Approved... maybe", "Never, approved", "I would not say, approved", "If fixed, approved", "Not approved"],
  ])("does not approve by %j", (text) => {
    expect(readApproval(text)).toBe(false);
  });

  it("refuses what is no text", () => {
    expect(() => readApproval(undefined as never)).toThrow(
      /readApproval\.text is undefined; give the text of a review/,
    );
  });
});
