import { rowsOf } from "./rows-of.js";

/** Reviews that approve, in the forms models use. */
export const plainApprovals = rowsOf(`
Approved
Approved.
**Approved**
**Approved.** The code is correct.
Approved.⏎⏎The function adds two numbers correctly.
Approved. Well done.
Approved. Good work!
Approved. Nice work, no changes needed.
Approved. The code is clean, correct and readable.
Approved. It handles empty lists well.
Approved. All tests pass.
Approved. The tests cover the edge cases.
Approved. Ready to merge.
Approved. Ship it.
Approved. This is ready for production.
Approved. It meets all requirements.
Approved. The work satisfies the criteria.
Approved. Thank you.
Approved. I ran the tests and they pass.
Approved. I checked the edge cases.
Approved. I have no further comments.
Approved. There are no issues.
Approved. Nothing to change.
Approved - good work
Approved – the code is correct.
Approved: the code is correct and clear.
Approved: all tests pass.
Approved (good work)
Approved ✅
✅ Approved
✅ LGTM
[x] Approved
- [x] Approved
☑ Approved
[x] Approved⏎[ ] Rejected
- [ ] Changes requested⏎- [x] Approved
Approved: ☑
Approved: yes
Approved: ✅
Approved as is.
Approved as-is
Approved as it stands.
Approved for merge.
Approved for release
Approved for production.
Approved to ship
Approved without changes.
Approved without reservations.
Approved with no changes.
Approved with pleasure.
Approved in full.
Approved unconditionally.
Approved and ready to merge.
I approve.
I approve this change.
I approve the code.
I approve of this work.
I hereby approve this.
I have reviewed the code and I approve it.
After review, I approve this.
The code is approved.
The change is approved.
This is approved.
It is approved for merge.
Status: Approved
Decision: approved
Review result: APPROVED
Final verdict: Approved
Verdict: **Approved**
Conclusion: approved
**Verdict:** Approved. The code is correct.
The code is correct. Approved.
The code is correct and well tested.⏎⏎Approved
- Correct⏎- Clear⏎⏎Approved
No issues found. Approved.
Looks good.
Looks good to me.
Looks good to me, approved.
Looks very good!
Everything looks good.
The code looks good.
Looks good. Nice work.
Overall it looks good to me.
LGTM
LGTM!
LGTM 👍
LGTM, ship it
LGTM, no issues.
LGTM. Clean code.
Lgtm - well tested
`);
