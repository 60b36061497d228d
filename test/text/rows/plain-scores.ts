import { rowsOf } from "./rows-of.js";

/** Replies of judges that state 8 of 10, in the forms GPT-4o, Claude, Gemini, Llama, Mistral and Prometheus use. */
export const plainScores = rowsOf(`
The answer is correct and clear.⏎Score: 8
The answer is correct and clear.⏎⏎Score: 8
The response is accurate but could be more detailed.⏎Score: 8/10
Feedback: The answer is right, but lacks an example.⏎Score: 8
**Feedback:** Correct and concise.⏎**Score:** 8
**Feedback**: Correct and concise.⏎⏎**Score**: **8**
## Evaluation⏎The answer names both causes.⏎⏎## Score⏎8
### Score⏎8/10
**Score:**⏎8
Score:⏎8
Final Score:⏎8/10
My rating:⏎8
Here is my evaluation:⏎Score: 8
Here is my rating:⏎⏎Rating: 8/10
Evaluation:⏎Score: 8
Final verdict:⏎Score: 8
Overall assessment:⏎Score: 8
Strengths:⏎- Clear⏎- Correct⏎Weaknesses:⏎- Short⏎⏎Score: 8
- Accuracy: 9/10⏎- Clarity: 7/10⏎⏎Overall: 8/10
1. Accuracy: 9⏎2. Clarity: 7⏎3. Overall score: 8
| Criterion | Score |⏎|---|---|⏎| Accuracy | 9 |⏎| Score | 8 |
The answer explains the Calvin cycle.⏎Rating: [[8]]
Feedback: Good work. [RESULT] 8
[RESULT] 8
Score: \\boxed{8}
Score: $\\boxed{8}$
<score>8</score>
<rating>8</rating>
<feedback>Correct.</feedback>⏎<score>8</score>
<score>⏎8⏎</score>
{"score": 8}
{"score": 8, "feedback": "Correct, but short."}
{"feedback": "Correct, but short.", "score": 8}
{"score": 8, "reasoning": "It names both causes."}
{"score": 8, "pass": true}
{"score": 8, "accuracy": 9, "clarity": 7}
{"score": 8, "max_score": 10}
{"score": 8.0, "verdict": "pass"}
{"score": 8, "explanation": "The answer is mostly right.", "confidence": 0.9}
{"rationale": "Good.", "score": "8"}
{"feedback": "The dates are wrong in one place.", "score": 8}
\`\`\`json⏎{"score": 8, "feedback": "Fine."}⏎\`\`\`
\`\`\`json⏎{⏎  "score": 8,⏎  "feedback": "Fine."⏎}⏎\`\`\`
{⏎  "feedback": "Fine.",⏎  "score": 8⏎}
\`\`\`⏎Score: 8⏎\`\`\`
Correct.⏎\`Score: 8\`
Correct.⏎*Score: 8*
Correct.⏎__Score: 8__
Correct.⏎***Score: 8/10***
Correct.⏎> **Score: 8**
⭐ 8/10
✅ Score: 8
Score: 8/10 ✅
Score: 8 ⭐
🎯 **Score: 8/10**
Overall Score: 8/10
Overall Rating: 8/10
Overall, I would rate this answer 8/10.
Overall, I'd give this response an 8 out of 10.
Overall, this is an 8/10.
Overall, this answer deserves an 8/10.
In conclusion, I rate it 8/10.
In summary, score: 8
To sum up, 8/10
All in all, 8/10.
All things considered, 8/10.
Taking everything into account, I give it an 8.
Based on the above, score: 8
Based on these criteria, I assign a score of 8.
Considering these points, I rate it 8/10.
Therefore, the score is 8.
Thus, my final score is 8/10.
Hence, score: 8
So I give it an 8.
So my score is 8.
I would score this answer 8/10.
I score it 8 out of 10.
I assign it a score of 8.
I rate this response 8/10.
I'd rate the answer at 8/10.
I'd rate this 8 out of 10.
We rate it 8/10.
My score: 8
My rating: 8/10
My final rating is 8.
Final rating: 8
Final grade: 8/10
Final verdict: 8/10
Verdict: 8/10
Numerical score: 8
Numeric rating: 8
Quality score: 8
Total score: 8/10
Assigned score: 8
The score is 8.
The final score is 8 out of 10.
The rating is 8/10.
The overall score for this answer is 8.
This response deserves a score of 8.
This response gets an 8/10.
The answer earns 8 out of 10.
The response merits a score of 8/10.
The answer is correct and concise. Score: 8
The answer is right about the dates. I rate it 8/10.
It could be shorter. Score: 8
It would benefit from sources. Score: 8
It contradicts itself once. Score: 8
The answer contains a minor error. Score: 8
The reasoning is sound, but one step is missing. Score: 8/10
Good answer, 8/10
Correct and clear, 8/10.
Clear and accurate - 8/10
The response is accurate – Score: 8
Correct but short (8/10)
Score: 8 (good)
Score: 8 (very good)
Score: 8 (good but short)
Score: 8 (minor errors)
Score: 8 (correct, but lacks examples)
Score: 8 (The answer is correct but short.)
Score: 8 - correct but short
Score: 8 – the answer is correct and covers the main points.
Score: 8 — Accurate and concise
Score: 8: correct, but short
Score: 8, because it is correct.
Score: 8, since it omits one cause.
Score: 8, good
Score: 8, but it lacks an example
Score: 8 because the answer is correct.
Score: 8 due to a minor omission.
Score: 8 as it covers the main points.
Score: 8 for being correct and concise.
Score: 8 for this answer
Score: 8 overall
Score: 8/10 points
Score: 8. The answer is correct and concise.
Score: 8. Correct and clear.
Score: 8. Good work.
Score: 8. It could be shorter.
Score: 8. It would benefit from sources.
Score: 8. The answer should mention the Calvin cycle.
Score: 8. One date is missing.
Score: 8. Minor errors only.
SCORE: 8/10
score: 8
Score : 8
Score:8
Score=8/10
Grade: 8/10
Mark: 8/10
8/10.
8 out of 10
8/10 – well done
**8/10**
(8)
The answer tries to be complete and is.⏎Score: 8
The answer states that Paris is the capital, which is right.⏎Score: 8
It claims that 3 of 4 sources agree.⏎Score: 8
The code reads the file and prints it.⏎Score: 8
If it named a source, it would be perfect.⏎Score: 8
`);
