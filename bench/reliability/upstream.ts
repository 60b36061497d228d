// A provider that fails 30 % of the time in every way, in a process of its own: its sockets are in no contender's figures.
import { chaos, startLoopbackServer } from "langgraph-multimodel/testing";
import { answerOf, type Received, type Report, type Urls } from "./protocol.js";

const [rate = "0.3", seed = "1", slowMs = "20000"] = process.argv.slice(2);
const numberIn = (request: { readonly messages: readonly { readonly text: string }[] }) =>
  Number(/Question (\d+)/.exec(request.messages.map(({ text }) => text).join(" "))?.[1] ?? -1);
const upstream = chaos({
  rate: Number(rate),
  seed,
  slowMs: Number(slowMs),
  retryAfter: "0",
  reply: (request) => answerOf(numberIn(request), request.model),
});
const server = await startLoopbackServer({ reply: upstream });
const { openaiUrl: openai, googleUrl: google, anthropicUrl: anthropic } = server;
process.send?.({ openai, google, anthropic } satisfies Urls);

process.on("message", () => {
  const byQuestion: Record<number, Received> = {};
  for (const { request, fault } of upstream.draws) {
    const question = numberIn(request);
    const before = byQuestion[question] ?? { requests: 0, good: 0, mistake: false };
    const whole =
      (fault === undefined || fault === "slowFirstToken") && !request.aborted && request.endedAt !== undefined;
    byQuestion[question] = {
      requests: before.requests + 1,
      good: before.good + Number(whole),
      mistake: before.mistake || fault === "badRequest",
    };
  }
  process.send?.({
    byQuestion,
    requests: upstream.draws.length,
    faulty: upstream.draws.filter(({ fault }) => fault !== undefined).length,
    aborted: upstream.draws.filter(({ request }) => request.aborted).length,
  } satisfies Report);
});
process.on("disconnect", () => process.exit());
