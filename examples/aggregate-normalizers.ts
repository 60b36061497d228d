// What makes two answers equal: votes, agreement and consistency compare what a normalizer leaves of them.
import {
  createEnsemble,
  majorityVote,
  type Normalize,
  normalizeChoice,
  normalizeJson,
  normalizeNumber,
  normalizeText,
  normalizeYesNo,
} from "langgraph-multimodel";
import { done, google, openai } from "./support/chat.js";

const answers: readonly (readonly [string, Normalize, readonly [string, string, string]])[] = [
  ["normalizeText", normalizeText, ["The Eiffel Tower.", "eiffel  tower", "The Louvre"]],
  ["normalizeNumber", normalizeNumber, ["She pays $1,234.50.", "#### 1234.5", "About 1,200"]],
  ['normalizeChoice("ABCD")', normalizeChoice("ABCD"), ["So the answer is (b).", "**B**", "C) because ..."]],
  ["normalizeYesNo", normalizeYesNo, ["No: 91 = 7 * 13.", "That is false", "Yes"]],
  ['normalizeJson("total")', normalizeJson("total"), ['{"total": 18}', '```json\n{"total": 18, "of": 3}\n```', "18"]],
  ["normalizeJson()", normalizeJson(), ['{"a": 1, "b": 2}', '<think>Hm</think>{"b": 2.0, "a": 1}', '{"a": 1}']],
];
const lanes = {
  a: await openai("gpt-4o", ...answers.map(([, , [said]]) => said)),
  b: await google("gemini-2.0-flash", ...answers.map(([, , [, said]]) => said)),
  c: await openai("gpt-4o-mini", ...answers.map(([, , [, , said]]) => said)),
};
for (const [title, normalize] of answers) {
  const graph = createEnsemble({ models: lanes, aggregate: majorityVote({ normalize }), stopEarly: false }).compile();
  const { aggregate, confidence } = await graph.invoke({ messages: title });
  console.log(`${title}: ${JSON.stringify(aggregate!.votes)}, confidence ${confidence!.toFixed(2)}`);
}
console.log(normalizeNumber("no number") === "", "an answer with nothing to compare equals no other");
await done();

// Output:
// normalizeText: {"eiffel tower":2,"louvre":1}, confidence 0.67
// normalizeNumber: {"1200":1,"1234.5":2}, confidence 0.67
// normalizeChoice("ABCD"): {"B":2,"C":1}, confidence 0.67
// normalizeYesNo: {"no":2,"yes":1}, confidence 0.67
// normalizeJson("total"): {"18":2}, confidence 0.67
// normalizeJson(): {"{\"a\":1,\"b\":2}":2,"{\"a\":1}":1}, confidence 0.67
// true an answer with nothing to compare equals no other
