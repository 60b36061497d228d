import type { Scale } from "./score-number.js";
import { contradicts, isHarmlessProse } from "./score-surroundings.js";

const criterion =
  /^(?:accuracy|clarity|completeness|correctness|relevance|helpfulness|coherence|conciseness|style|depth|factuality|factual_accuracy|fluency|consistency|groundedness|faithfulness|creativity|quality|safety|grammar|usefulness|readability|detail|details|structure|tone|level_of_detail|instruction_following|logic|reasoning|coverage|harmlessness|honesty|language|content|organization|format|formatting|evidence|originality)(?:_(?:score|rating))?$/;
const otherNumber = /^(?:confidence|threshold|id|index|step|turn|tokens|min(?:imum)?(?:_score)?|passing_score)$/;
const wholeScale = /^(?:max(?:imum)?(?:_score)?|out_of|scale|scale_max|total_possible|top)$/;
const outcome =
  /^(?:(?:is|has)_)?(?:pass|passed|passes|passing|correct|valid|approved|acceptable|accepted|accept|success|ok)$/;
const fault = /^(?:(?:is|has)_)?(?:errors?|hallucinations?|hallucinated|issues?|fail|failed|injection|refusal)$/;
const prose =
  /^(?:feedback|reason|reasons|reasoning|explanation|rationale|justification|comments?|analysis|summary|critique|review|evaluation|assessment|thoughts?|thinking|strengths?|weaknesses|suggestions?|improvements?|errors?|issues?|details?|chain_of_thought|pros|cons)$/;
const decision = /^(?:verdict|result|decision|status|outcome|label|judge?ment|conclusion)$/;
const parts = /^(?:criteria|scores|breakdown|sub_?scores|dimensions|details|ratings|metrics)$/;

const plainKey = (key: string) =>
  key
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replace(/[\s-]+/g, "_")
    .toLowerCase();

/** Tests whether the other fields of a record agree with its score; unknown fields do not. */
export function agreesWith(score: number, others: Readonly<Record<string, unknown>>, scale: Scale): boolean {
  const middle = (scale[0] + scale[1]) / 2;
  return Object.entries(others).every(([name, value]) => {
    const key = plainKey(name);
    if (value === null || value === "") return true;
    if (typeof value === "number") {
      if (wholeScale.test(key)) return value === scale[1];
      return value === score || criterion.test(key) || otherNumber.test(key);
    }
    if (typeof value === "boolean") {
      if (outcome.test(key)) return value || score < middle;
      return fault.test(key) && (!value || score < middle);
    }
    if (typeof value === "string") {
      if (prose.test(key))
        return isHarmlessProse(value) && !(/^\W*\w+\W*$/.test(value) && contradicts(value, score, middle));
      if (decision.test(key)) return isOutcome(value, score, middle);
      return wholeScale.test(key) ? Number(value) === scale[1] : criterion.test(key);
    }
    if (Array.isArray(value))
      return prose.test(key) && value.every((each) => typeof each === "string" && isHarmlessProse(each));
    return (
      parts.test(key) &&
      typeof value === "object" &&
      Object.values(value ?? {}).every((each) => typeof each === "number")
    );
  });
}

/** Tests for a verdict, a word or a sentence, that agrees with the score. */
function isOutcome(value: string, score: number, middle: number): boolean {
  if (/^\W*(?:pass(?:ed|es)?|accept(?:ed|able)?|approved?|yes|true|correct|ok|good|excellent)\W*$/i.test(value))
    return true;
  if (/^\W*(?:fail(?:ed|s|ure)?|reject(?:ed)?|denied|no|false|incorrect|bad)\W*$/i.test(value)) return score < middle;
  return /\s/.test(value.trim()) && isHarmlessProse(value) && !contradicts(value, score, middle);
}
