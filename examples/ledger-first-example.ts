// What README's first example costs beside asking the large model every time, at list prices: on short and long answers the small
// model gets right, and on a question that climbs. Tokens are counted off the requests that go out; the models are always scripted.
import { ChatOpenAI } from "@langchain/openai";
import { createCascade, judgeWith, savings, totalCost } from "langgraph-multimodel";
import { type LoopbackRequest, type ReplySource, startLoopbackServer } from "langgraph-multimodel/testing";

const questions = {
  "Capital of France?": "Paris.",
  "Why is the sky blue?":
    "Sunlight holds all colours. The molecules of the air scatter short waves, blue, far more than long ones, red: about as the " +
    "fourth power of the frequency. So blue light reaches your eye from all over the sky, and the sun itself looks yellow. At " +
    "dusk the light comes through so much air that the blue is gone before it arrives, and red is left.",
  "Prove that there are infinitely many primes congruent to 3 modulo 4.":
    "Suppose there were finitely many, p1 to pn, and let N = 4·p1·…·pn - 1. N is odd and congruent to 3 modulo 4. A product of " +
    "primes congruent to 1 is congruent to 1, so N has a prime factor q congruent to 3. q is none of the pi, since each of them " +
    "divides N + 1 and would divide 1. So there was one more, a contradiction.",
};

/** Answers as a model would, with the tokens of what it was sent: a quarter of the characters, tool definitions included. */
const saying =
  (answer: (asked: string) => string): ReplySource =>
  ({ body }: LoopbackRequest) => {
    const sent = JSON.stringify([body.messages, body.tools ?? []]);
    return { text: answer(sent), usage: { inputTokens: Math.ceil(sent.length / 4) } };
  };
const answerTo = (sent: string) => Object.entries(questions).find(([question]) => sent.includes(question))![1];

const server = await startLoopbackServer();
server.reply("gpt-4o-mini", saying(answerTo));
server.reply("gpt-4o", saying(answerTo));
const verdict = (sent: string) =>
  sent.includes("Prove") ? "A step is missing.\nScore: 4" : "Right and clear.\nScore: 9";
server.reply("gpt-4.1-nano", saying(verdict));

const client = (model: string) =>
  new ChatOpenAI({ model, apiKey: "none", configuration: { baseURL: server.openaiUrl } });
const [small, large, judge] = [client("gpt-4o-mini"), client("gpt-4o"), client("gpt-4.1-nano")];
const graph = createCascade({ models: { small, large }, verify: judgeWith(judge) }).compile();

const percents: number[] = [];
for (const question of Object.keys(questions)) {
  const { calls, modelUsed } = await graph.invoke({ messages: question });
  const { againstUsd, savedPercent } = savings(calls, { against: "gpt-4o" });
  const usd = (cost: number | null) => `$${cost!.toFixed(6)}`;
  const versus = `${usd(totalCost(calls))} against ${usd(againstUsd)}`;
  const outcome = savedPercent! > 0 ? `${savedPercent!.toFixed(0)} % saved` : `${(-savedPercent!).toFixed(0)} % more`;
  console.log(`${question.slice(0, 40).padEnd(40)} ${modelUsed!.padEnd(5)} ${versus}: ${outcome}`);
  percents.push(savedPercent!);
}
const [, accepted, climbed] = percents as [number, number, number];
console.log(
  `answers of that length save as long as fewer than ${Math.floor((100 * accepted) / (accepted - climbed))} % climb`,
);
await server.close();

// Output:
// Capital of France?                       small $0.000025 against $0.000055: 55 % saved
// Why is the sky blue?                     small $0.000083 against $0.000895: 91 % saved
// Prove that there are infinitely many pri large $0.000947 against $0.000865: 10 % more
// answers of that length save as long as fewer than 90 % climb
