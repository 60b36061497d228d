import { rowsOf } from "./rows-of.js";

/** Replies that name a score the answer would have, could have, or may have once something changed. */
export const conditionalScores = rowsOf(`
Were it right, 9/10.
Once fixed, 9/10
Were the dates right, score: 9
Were the dates right, I'd give it a 9.
Had it cited sources, 9/10.
Had the code compiled, score: 9
Should the tests pass, 9/10
Should it be corrected, score: 9
If fixed, 9/10
If it compiled: 9/10
If the facts hold, score: 9
Even if correct, 8/10
Only if complete, 9/10
With a fix, 9/10.
With sources, 9/10
With one more example, score: 9
With better sources, I would rate it 9.
Without the errors, 9/10
Without the last paragraph, score: 9
Without that mistake, it deserves a 9.
Minus the errors, 9/10
Barring the errors, 9/10
Apart from the errors, 9/10
Except for the dates, 9/10
Ignoring the errors, 9/10
Leaving aside the errors, score: 9
Setting aside accuracy, 9/10
Disregarding the typos, 9/10
Fixed, it's a 9/10
Fixed, 9/10
Corrected, 9/10
When corrected, 9/10
When fixed, score: 9
After a rewrite, 9/10
After fixing line 3, score: 9
After revision, it deserves a 9.
Before the edit, 9/10
Until disproved, 9/10
Unless I am wrong, 9/10
Unless the facts differ, score: 9
Assuming it compiles, 9/10
Assuming good faith, score: 9
Provided the tests pass, 9/10
Provided it runs, score: 9
Providing it runs, score: 9
Supposing it is right, 9/10
Suppose it were right, 9/10
Granted the premise, 9/10
Given a fix, 9/10
Given one more revision, score: 9
Given better sources, I'd give it a 9.
Pending a fix, 9/10
Pending review, score: 9
Subject to checks, 9/10
Depending on taste, 9/10
In that case, 9/10
In the best case, 9/10
In an ideal world, 10/10
In theory, 9/10
In principle, 9/10
On paper, 9/10
On a good day, 9/10
At best, 9/10
At most, score: 8
Best case, 9/10
Best case: 9/10
Ideally, 9/10
Potentially, 9/10
Possibly, 9/10
Perhaps 9/10
Perhaps, 9/10
Maybe 9/10
Maybe, score: 9
Probably, 9/10
Hypothetically, 9/10
Theoretically, score: 9
Nominally, 9/10
Otherwise, 9/10
Otherwise: 9/10
Otherwise I'd give it a 9.
Then, 9/10
For a beginner, 9/10
For a draft, score: 9
For effort, 9/10
For style alone, 9/10
For a correct answer, score: 9
Judged by style alone, 9/10
To a layman, 9/10
To get there, 9/10
To be a 9, it needs sources. Score: 9
Target: 9/10
Goal: 9/10
Target score: 9
Potential score: 9
Possible score: 9
Maximum achievable score: 9
Expected score: 9
Hypothetical score: 9
Score after fixes: 9
Score once fixed: 9
Score if fixed: 9
Score (if fixed): 9
Score (after revision): 9
Score with sources: 9
Score without the errors: 9
Score for a correct answer: 9
Score it could get: 9
Suppose the dates were fixed. Score: 9
Imagine the code compiled. Score: 9
Assume the facts hold. Score: 9
Let's say it is correct. Score: 9
Say the bug is fixed. Score: 9
Pretend it compiles. Score: 9
Hypothetically. Score: 9
If only it compiled. Score: 9
Once corrected. Score: 9
With all errors fixed. Score: 9
After a fix. Score: 9
Assuming it runs. Score: 9
In the best case. Score: 9
Corrected - 9/10
If fixed - 9/10
Once fixed - 9/10
With sources - 9/10
Were it right - 9/10
Best case - 9/10
Fixed; score: 9
Once fixed; score: 9
If fixed | Score: 9
Ideally (score: 9)
Once fixed:⏎Score: 9
If it were correct:⏎Score: 9
After the fix:⏎Score: 9
With sources,⏎Score: 9
Assuming it compiles⏎Score: 9
Once the dates are fixed⏎Score: 9
Best case:⏎Score: 9
A correct answer would get⏎Score: 9
Score: 9 if fixed
Score: 9 (if fixed)
Score: 9 (once fixed)
Score: 9 (when corrected)
Score: 9 (after revision)
Score: 9 (with sources)
Score: 9 (without the errors)
Score: 9 (assuming it compiles)
Score: 9 (provided it runs)
Score: 9 (pending a fix)
Score: 9 (potential)
Score: 9 (at best)
Score: 9 (at most)
Score: 9 (ideally)
Score: 9 (best case)
Score: 9 (subject to change)
Score: 9 (conditional)
Score: 9 (tentative)
Score: 9 (target)
Score: 9 (were it right)
Score: 9 - if fixed
Score: 9 - once fixed
Score: 9 - with sources
Score: 9 - after a fix
Score: 9 - had it compiled
Score: 9: if fixed
Score: 9, if fixed
Score: 9, once fixed
Score: 9, were it right
Score: 9, had it cited sources
Score: 9, assuming it compiles
Score: 9, provided the tests pass
Score: 9, should it compile
Score: 9, pending a fix
Score: 9, subject to checks
Score: 9, with sources
Score: 9, without the errors
Score: 9, at best
Score: 9, ideally
Score: 9, depending on taste
Score: 9, minus the errors
Score: 9, but only if it compiles
Score: 9 with a fix
Score: 9 with better sources
Score: 9 with corrections
Score: 9 without the errors
Score: 9 on condition that it compiles
Score: 9 in the best case
Score: 9 in theory
Score: 9 on a good day
Score: 9 for a better version
Score: 9 for the corrected version
Score: 9 from a lenient judge
Score: 9 by lenient standards
Score: 9 assuming it compiles
Score: 9 pending a fix
Score: 9 after a fix
Score: 9. If fixed.
Score: 9. Once fixed.
Score: 9. But only once fixed.
Score: 9. Provided it compiles.
Score: 9. Assuming it compiles.
Score: 9. After the errors are fixed.
Score: 9. In the best case.
Score: 9. That assumes the dates are right.
Score: 9. This presumes it compiles.
Score: 9. Only with sources.
Score: 9. Pending a fix.
Score: 9. Subject to correction.
Score: 9. Were it right.
Score: 9. Had it been right.
Score: 9. Conditional on a fix.
Score: 9. The dates have to be fixed for that.
It deserves a 9 once fixed.
It deserves a 9 with sources.
It would be 9/10.
It could be a 9/10 with sources.
It might deserve a 9.
It could score 9/10.
This can become a 9.
I could give it a 9.
I might give it a 9.
I'd give it a 9 with sources.
I'd give it a 9 after a fix.
I'd give it a 9, were it right.
I would give it a 9 had it cited sources.
I'll give it a 9 once it is fixed.
I will give it a 9 when it compiles.
{"score_if_fixed": 9}
{"score": 9, "condition": "once fixed"}
{"score": 9, "conditional": true}
{"score": 9, "hypothetical": true}
`);
