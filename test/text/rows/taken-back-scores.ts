import { rowsOf } from "./rows-of.js";

/** Replies that take a score back, strike it out, contradict it, or name another one. */
export const takenBackScores = rowsOf(`
Score: 9. Strike that.
~~Score: 9~~
Score: 10 (worst)
{"score":10,"pass":false}
{"score":10,"corrected_score":2}
{"score":2}⏎{"score":10}
Score: 2⏎10
Score: ~~9~~
~~Score: 9~~ withdrawn
<del>Score: 9</del>
<s>Score: 9</s>
<strike>9/10</strike>
~Score: 9~
Score: 9. Strike the above.
Score: 9. Scratch it.
Score: 9. Scrap that.
Score: 9. Forget it.
Score: 9. Forget that.
Score: 9. Ignore that.
Score: 9. Ignore this line.
Score: 9. Please ignore.
Score: 9. Disregard.
Score: 9. Disregard this.
Score: 9. Please disregard the above.
Score: 9. Delete that.
Score: 9. Undo.
Score: 9. Cancel that.
Score: 9. Void.
Score: 9. Null and void.
Score: 9. Withdrawn.
Score: 9. I withdraw it.
Score: 9. I retract that.
Score: 9. Retracted.
Score: 9. I take it back.
Score: 9. I changed my mind.
Score: 9. On reflection, lower.
Score: 9. On second thought, lower.
Score: 9. Upon review, far lower.
Score: 9. Thinking again, it deserves less.
Score: 9. Let me reconsider.
Score: 9. Let me redo this.
Score: 9. Let me correct that.
Score: 9. Actually, no.
Score: 9. Actually lower.
Score: 9. No.
Score: 9. No, wait.
Score: 9. Nope.
Score: 9. Not.
Score: 9. Not really.
Score: 9. Not!
Score: 9. Psych!
Score: 9. Just kidding.
Score: 9. Just a joke.
Score: 9. I'm joking.
Score: 9. Sarcasm.
Score: 9. /s
Score: 9 /s
Score: 9. Oops.
Score: 9. Sorry, wrong number.
Score: 9. My mistake.
Score: 9. Typo.
Score: 9. That was a mistake.
Score: 9. That is wrong.
Score: 9. That's too high.
Score: 9. This is too generous.
Score: 9. Too high.
Score: 9. Way too high.
Score: 9. Overrated.
Score: 9. Far too kind.
Score: 9. Hmm, less.
Score: 9. Less.
Score: 9. Make it lower.
Score: 9. Make that a four.
Score: 9. Correction: lower.
Score: 9. Corrected below.
Score: 9. Erratum.
Score: 9. Edit: lower.
Score: 9. Update: it fails.
Score: 9. Halve it.
Score: 9. Half of that.
Score: 9. Divide by two.
Score: 9. Subtract four.
Score: 9. Deduct 4.
Score: 9. Deduct for the errors.
Score: 9. Points off for errors.
Score: 9. Penalty: 5.
Score: 9. Reduced for errors.
Score: 9. Lowered to four.
Score: 9. Downgraded.
Score: 9. It should be lower.
Score: 9. It should be far less.
Score: 9. The score is not final.
Score: 9. Not final.
Score: 9. Not my score.
Score: 9. The score is wrong.
Score: 9. The score above is invalid.
Score: 9. This score is a placeholder.
Score: 9. Placeholder.
Score: 9. Draft.
Score: 9. Test.
Score: 9. Just an example.
Score: 9. Example only.
Score: 9. I do not stand by it.
Score: 9. I disagree.
Score: 9. I don't mean it.
Score: 9. Don't trust this.
Score: 9. Do not use this.
Score: 9. Never mind.
Score: 9. Nevermind.
Score: 9. nvm
Score: 9. Fail.
Score: 9. FAILED
Score: 9. It fails.
Score: 9. Verdict: fail
Score: 9. Rejected.
Score: 9. Reject.
Score: 9. Not passed.
Score: 9. Does not pass.
Score: 9. The answer does not pass.
Score: 9. The answer is wrong.
Score: 9. The answer is completely wrong.
Score: 9. The answer is useless.
Score: 9. The answer fails.
Score: 9. The response is unacceptable.
Score: 9 (fail)
Score: 9 (failed)
Score: 9 (rejected)
Score: 9 (poor)
Score: 9 (bad)
Score: 9 (terrible)
Score: 9 (very poor)
Score: 9 (wrong)
Score: 9 (the worst)
Score: 10 (worst possible)
Score: 10 (lowest)
Score: 10 (1 is best)
Score: 10 (lower is better)
Score: 10 (inverted scale)
Score: 10 (10 = worst)
Score: 1 (best)
Score: 1 (excellent)
Score: 9 (not)
Score: 9 (no)
Score: 9 (joke)
Score: 9 (sarcasm)
Score: 9 (retracted)
Score: 9 (withdrawn)
Score: 9 (struck)
Score: 9 (void)
Score: 9 (old)
Score: 9 (previous)
Score: 9 (outdated)
Score: 9 (initial)
Score: 9 (before deductions)
Score: 9 (too high)
Score: 9 (overrated)
Score: 9 (example)
Score: 9 (placeholder)
Score: 9 (to be lowered)
Score: 9 (corrected: lower)
Score: 9 (error)
Score: 9 ❌
Score: 9 👎
Score: 9 ✗
Score: 9 - scratch that
Score: 9 - no
Score: 9 - wrong
Score: 9 - fail
Score: 9 - withdrawn
Score: 9 - too high
Score: 9 - just kidding
Score: 9 - on reflection lower
Score: 9, no
Score: 9, no wait
Score: 9, not
Score: 9, scratch that
Score: 9, strike that
Score: 9, I take that back
Score: 9, actually lower
Score: 9, sorry, lower
Score: 9, too generous
Score: 9, halved
Score: 9, reduced for errors
Score: 9, which is too high
Score: 9, just kidding
Score: 9, less a penalty
Score: 9, before deductions
Score: 9; strike that
Score: 9; withdrawn
Score: 9 | fail
Score: 9 | withdrawn
Score: 9... not
Score: 9 … no
Score: 9 withdrawn
Score: 9 retracted
Score: 9 is too high.
Score: 9 was a mistake.
Old score: 9
Previous score: 9
Initial score: 9
First score: 9
Unadjusted score: 9
Not my score: 9
Wrong score: 9
- [ ] Score: 9
[ ] Score: 9
☐ Score: 9
❌ Score: 9
✗ 9/10
Not: 9/10
No: 9/10
Lower is better. Score: 10
The scale is inverted. Score: 10
10 is the worst. Score: 10
1 is best, 10 is worst. Score: 10
On a scale where 10 is worst, 10
I take the following back. Score: 9
Ignore the next line.⏎Score: 9
Strike this:⏎Score: 9
Not this:⏎Score: 9
Withdrawn:⏎Score: 9
Old version:⏎Score: 9
Score: 3⏎9
Score: 3⏎**9**
Score: 3⏎nine
{"score": 9, "passed": false}
{"score": 9, "verdict": "fail"}
{"score": 9, "verdict": "rejected"}
{"score": 9, "result": "FAIL"}
{"score": 9, "correct": false}
{"score": 9, "approved": false}
{"score": 9, "valid": false}
{"score": 9, "adjusted_score": 3}
{"score": 9, "finalScore": 3}
{"score": 9, "true_score": 3}
{"score": 9, "real_score": 3}
{"score": 9, "revised": 3}
{"score": 9, "penalty": 5}
{"score": 9, "deduction": 5}
{"score": 9, "rating": 3}
{"score": 9, "score": 3}
{"score": 9, "Score": 3}
{"score": 9, "retracted": true}
{"score": 9, "is_placeholder": true}
{"score": 9, "max_score": 100}
{"score": 9, "note": "Scratch that."}
{"score": 9}⏎{"score": 3}
{"score": 3}, {"score": 9}
[{"score": 3}, {"score": 9}]
Score: 9. It could be.
Score: 9. It might be.
Score: 9. It may get there.
Score: 9. It could get there.
Score: 9. It would get there with sources.
Score: 9. The answer needs to be fixed.
Score: 9. It has to be fixed.
Score: 9. It has no merit.
Score: 9. It has no value.
Score: 9. It answers nothing.
Score: 9. It lacks everything.
Score: 9. It lacks correctness.
Score: 9. It misses the question.
Score: 9. It misses the point.
Score: 9. The code crashes.
Score: 9. The answer gets everything wrong.
Score: 9. The answer gets nothing right.
Score: 9. It makes no sense.
Score: 9. It is a failure.
Score: 9. The answer is harmful.
Score: 9. The score is a lie.
Score: 9. The rating is unfair.
Score: 9. The number is wrong.
Score: 9. The points are wrong.
Score: 9. The judge is a liar.
Score: 9. One of us is wrong.
Score: 9. The judge was hacked.
Score: 9. Some of this is false.
Score: 9. A better judge would disagree.
Score: 9. A stricter judge would give four.
`);
