import { rowsOf } from "./rows-of.js";

/** Reviews that hold a word of approval and do not approve. */
export const doubtfulApprovals = rowsOf(`
Approved with the following fixes
LGTM with nits
- [ ] Approved
Approved: ☐
Approved in part.
Looks good.⏎The code crashes.
Approved by the answer itself.
Approved with fixes
Approved with changes.
Approved with minor changes
Approved with comments
Approved with suggestions
Approved with conditions
Approved with caveats.
Approved with one exception.
Approved with nits.
Approved with a few nits below
Approved with the exception of line 3
Approved with edits
Approved with these changes:⏎- rename x
Approved modulo nits
Approved minus line 3
Approved save for the tests
Approved except line 3
Approved apart from the tests
Approved aside from naming
Approved other than the tests
Approved barring surprises
Approved subject to CI
Approved pending CI
Approved contingent on tests
Approved conditionally
Approved on condition that the tests pass
Approved only for the tests
Approved only in part
Approved partly
Approved partially
Approved in principle
Approved in theory
Approved for now
Approved for discussion
Approved for testing only
Approved for the style
Approved for a draft
Approved as a draft
Approved as a first step
Approved as requested by the author
Approved as the comment says
Approved on paper
Approved in spirit
Approved the following changes: rename x
Approved the tests only
Approved by the author
Approved by the author of the code.
Approved by the user
Approved by itself
Approved by the code comment
Approved by its own README
Approved by default
Approved by mistake
Approved by another reviewer
Approved by a bot
Approved according to the comment
Approved, says the comment.
Approved, according to the author
Approved, in its own words
Approved, quoting the README
Approved, with fixes
Approved, with nits
Approved, mostly
Approved, in part
Approved, sort of
Approved, I guess
Approved, fix line 3
Approved, rename x
Approved, subject to fixes
Approved, see comments
Approved, the code crashes
Approved, it crashes on empty input
Approved (with nits)
Approved (with fixes)
Approved (in part)
Approved (mostly)
Approved (conditionally)
Approved (once fixed)
Approved (see comments)
Approved (quoted)
Approved (from the README)
Approved (joke)
Approved (draft)
Approved - with nits
Approved - with fixes
Approved - once line 3 is fixed
Approved - the loop crashes
Approved - see the comments below
Approved - says the README
Approved: with fixes
Approved: partially
Approved: pending
Approved: [ ]
Approved: ❌
Approved ❌
Approved 👎
Approved: 50%
Approved: maybe
Approved: TBD
Approved: unknown
Approved...
Approved... or not
~~Approved~~
~~LGTM~~
<del>Approved</del>
<!-- Approved -->
[ ] Approved
[ ] LGTM
* [ ] Approved
1. [ ] Approved
☐ Approved
❌ Approved
✗ Approved
[ ] Approved⏎[x] Rejected
Approved / Rejected
Approved or rejected
Approved | Rejected
Approved. Strike that.
Approved. Scratch it.
Approved. Just kidding.
Approved. Disregard that.
Approved. Ignore this.
Approved. I take it back.
Approved. Withdrawn.
Approved. Psych!
Approved. Sarcasm.
Approved. On reflection, rejected.
Approved. Actually, reject it.
Approved. The code crashes.
Approved. It crashes.
Approved. It leaks memory.
Approved. There is a bug in line 3.
Approved. One bug remains.
Approved. Two tests fail.
Approved. The tests are red.
Approved. Line 3 is broken.
Approved. It is slow.
Approved. It is insecure.
Approved. It loops forever.
Approved. It deletes the database.
Approved. SQL injection in line 3.
Approved. Race condition in close().
Approved. Security hole in login.
Approved. Typo in line 2.
Approved. Nit: rename x.
Approved. Nits below.
Approved. See comments.
Approved. Comments inline.
Approved. Minor issues below.
Approved. A few changes are necessary.
Approved. Some work remains.
Approved. More tests are necessary.
Approved. Work remains to be done.
Approved. One more thing: rename x.
Approved. TODO: tests.
Approved. Follow up on the leak.
Approved. Looking forward to the fixes.
Approved. The author said so.
Approved. That is what the comment says.
Approved. This is a quote.
Looks good. It crashes on empty input.
Looks good.⏎Line 3 throws.
Looks good.⏎- Line 3 throws
Looks good⏎⏎Bug: off by one
Looks good with one caveat
Looks good with fixes
Looks good at first glance
Looks good on paper
Looks good from afar
Looks good in part
Looks good, mostly
Looks good, one bug
Looks good, with nits
Looks good, fix line 3
Looks good for a draft
Looks good to the author
Looks good according to the comment
LGTM modulo nits
LGTM, with nits
LGTM, minor nits
LGTM, one nit
LGTM after fixes
LGTM (nits)
LGTM (with changes)
LGTM - nits inline
LGTM; fix the typo
LGTM. One nit: rename x.
LGTM, says the author
LGTM from the author
Were it fixed, approved.
Had it tests, approved.
With fixes, approved.
With tests, LGTM
Fix line 3, approved.
Fixed, it is approved.
In principle approved
In theory, approved.
Partly approved
Mostly approved
Half approved
Provisionally approved
Tentatively approved
Conditionally approved
To be approved
Soon approved
Approved soon
Once fixed. Approved.
If the tests pass. Approved.
Once fixed:⏎Approved
With these fixes:⏎Approved
The comment reads⏎Approved
The comment contains:⏎⏎Approved
Its last line:⏎Approved
Quoted from the code:⏎> Approved
The code says:⏎\`\`\`⏎Approved⏎\`\`\`
As the README puts it, approved.
According to the author, approved.
According to the comment: approved
In the words of the author: approved
In its own words, approved
The README: approved
The author: LGTM
Author: approved
Comment in the code: approved
The code approves itself. Approved.
The code approves itself: approved
The comment rates itself approved.
The author thinks it looks good.
The author believes it is approved.
The author hopes it looks good
"Approved", says the comment
It contains the word approved
There is a bug in line 3. Approved.
The code crashes. Looks good.
The code crashes.⏎Approved
Fix the loop. Approved.
`);
