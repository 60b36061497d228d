import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readApproval } from "../../src/text/judgements/read-approval.js";

const approving = [
  ...["approved", "Approved.", "APPROVED!", "**Approved**", "`APPROVED`", "```\nAPPROVED\n```", "✅ Approved"],
  ...["Looks good", "Looks good to me!", "looks good overall", "It looks really good.", "LGTM"],
  ...["Verdict: APPROVED", "Review: approved.", "Status - approved", "approved: true", "Approved? Yes."],
  ...["## Review\nThe code is correct.\n\n**Verdict:** Approved", "Approved. No further comments.", "Approved by me"],
  ...["I approve this.", "I have approved the code", "The code is approved.", "Everything is in order; it's approved."],
  ...[
    "No issues found, approved.",
    "No changes needed. Approved.",
    "I can't find a bug, approved.",
    "Approved to merge",
  ],
  ...["It does not leak. Approved!", "Approved: it works for n of 0.", "The rejected promise is handled. Approved."],
  ...["Approved. I called `isApproved()` if (`!order.approved`).", "```ts\nif (!approved) throw 1;\n```\nApproved."],
];

const content = [
  ...["Approved - no changes needed.", "Approved: no issues found.", "Approved (no changes needed)", "Approval: yes"],
  ...["Approval granted.", "Approved with no further comments.", "I couldn't find any problem, approved", "- Approved"],
  ...["Approved. There are no further issues.", "I approve, without reservation", "- Clear\n- Correct\n\nApproved"],
];

const takenBack = [
  ...["Approved. You must fix the SQL injection in line 3.", "Approved.\n\n1. Fix the loop.\n2. Add tests."],
  ...["Approved. Do not merge.", "Approved. Wait, no.", "Approved... just kidding, rejected", "Approved: N/A"],
  ...["Looks good. The loop never ends though.", "Looks good. Please fix the typo.", "Approved. Rename x."],
  ...["The code was approved by nobody", "Approved with reservations", "Approved, though no issues were fixed"],
];

const refusing = [
  ...["not approved", "Not approved.", "**Not** approved", "This is not yet approved", "not, in my view, approved"],
  ...["isn't approved", "isn’t approved", "It isn't quite approved", "I don't approve", "I won't approve it"],
  ...[
    "cannot approve",
    "I can't approve this",
    "I can not approve this",
    "unable to approve",
    "I refuse to approve this",
  ],
  ...["disapproved", "I disapprove.", "unapproved", "not-approved", "never approved", "no longer approved"],
  ...["Neither approved nor rejected", "almost approved", "Approval denied", "Rejected. Looks good otherwise."],
  ...["approve once X is fixed", "Approved once the bug is fixed.", "Approved, once the bug is fixed"],
  ...["approved (after you fix the leak)", "Once X is fixed, approved.", "Approved - provided you rename x"],
  ...["Approved. But only once the tests pass.", "pending: approved if CI passes", "Approved, except the naming."],
  ...["I would approve this", "needs to be approved by a human", "Should I approve this?", "Approved?"],
  ...["Approved: no", "Approved? No.", "approved=false", '"approved": false', "Approved (not)"],
  ...["Looks good, but there is a bug.", "Looks good. However, line 3 leaks.", "Doesn't look good"],
  ...["does not look very good", "Not approved. The tests look good.", "The tests look good. Not approved: it leaks."],
  ...[
    "It looks good and is not approved.",
    "Changes requested. The rest looks good.",
    "Needs work, though the style looks good.",
  ],
];

const reported = [
  ...["The comment tells me to say approved.", "The code tries to make me write: Approved", "It says it is approved."],
  ...["The author asks me to reply: approved", "The file claims that it is approved", "As instructed: approved."],
  ...["Approved, as requested.", "The draft says “Approved”.", "Prompt injection: approved"],
];

const silent = [
  ...["", "The loop never ends.", "looks bad", "Looks not good", "It returns approved orders twice."],
  ...["Orders that are approved are counted twice.", "Set `order.approved` to true.", "The goods look fine."],
];

describe("readApproval", () => {
  it.each(approving)("reads an approval in %j", (text) => expect(readApproval(text)).toBe(true));
  it.each(content)("reads an approval that has nothing to mend in %j", (text) => expect(readApproval(text)).toBe(true));
  it.each(takenBack)("reads an approval that is taken back in %j", (text) => expect(readApproval(text)).toBe(false));
  it.each(refusing)("reads no approval in %j", (text) => expect(readApproval(text)).toBe(false));
  it.each(reported)("reads no approval in %j, which is what somebody else says", (text) => {
    expect(readApproval(text)).toBe(false);
    expect(readApproval(`Approved.\n${text}`)).toBe(false);
  });
  it.each(silent)("reads nothing in %j", (text) => expect(readApproval(text)).toBeUndefined());

  const oneOf = (list: readonly string[]) => fc.constantFrom(...list);

  it("lets one refusal outweigh every approval, in any order", () => {
    const reviews = fc
      .tuple(fc.array(oneOf(approving), { maxLength: 3 }), oneOf(refusing), fc.array(oneOf(silent), { maxLength: 2 }))
      .chain(([yes, no, nothing]) =>
        fc.shuffledSubarray([...yes, no, ...nothing], { minLength: yes.length + 1 + nothing.length }),
      );
    fc.assert(fc.property(reviews, (parts) => readApproval(parts.join("\n\n")) === false));
  });

  it("reads the same in any case, between any marks and spaces", () => {
    const marks = fc.constantFrom("", "**", "_", "# ", "> ", "\n", "  ", '"', "— ");
    fc.assert(
      fc.property(oneOf([...approving, ...refusing]), marks, fc.boolean(), (text, mark, upper) => {
        return readApproval(`${mark}${upper ? text.toUpperCase() : text}${mark.trim()}`) === readApproval(text);
      }),
    );
  });

  it("turns every plain approval around by a negation before it", () => {
    const plain = fc.constantFrom("approved", "approve this", "approve of it.", "approved by me", "approved!");
    const negation = fc.constantFrom(
      "not",
      "not yet",
      "never",
      "I cannot",
      "I can't",
      "I do not",
      "don't",
      "I would",
      "unable to",
    );
    fc.assert(
      fc.property(negation, plain, (no, yes) => readApproval(yes) === true && readApproval(`${no} ${yes}`) === false),
    );
  });

  it("answers any text whatever, however long", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) =>
        [true, false, undefined].includes(readApproval(text)),
      ),
    );
    for (const piece of ["approved ", "-", "not ", "looks ", "approved: ", "approved, ", "`", "if\n", "?- "]) {
      expect([true, false, undefined]).toContain(readApproval(piece.repeat(20_000)));
    }
  });
});
