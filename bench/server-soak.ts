// Clients of the endpoint, some of which go away. A process of its own: when it ends, its connections have ended too.
import { faults, type SoakResult, type SoakTask } from "./server-protocol.js";

process.once("message", async ({ url, requests }: SoakTask) => {
  const result: SoakResult = { answered: 0, failed: 0, left: 0, wrong: [] };
  let next = 0;
  const lane = async () => {
    while (next < requests) await ask(url, next++, result);
  };
  await Promise.all(Array.from({ length: 64 }, lane));
  process.send?.(result, () => process.exit());
});

/** Of twenty requests four meet a failure upstream, in turns of every kind, and one client goes away, each at a time of its own; half of them stream. */
async function ask(url: string, number: number, result: SoakResult): Promise<void> {
  const kind = number % 20;
  const model = kind === 3 || kind === 9 ? "down" : kind === 13 || kind === 19 ? "chain" : "plain";
  const stream = Math.floor(number / 20) % 2 === 0 ? kind % 2 === 0 : kind % 2 === 1;
  const fault = faults[Math.floor(number / 40) % faults.length]!;
  const broken = stream && fault !== "server" && fault !== "reset"; // another model takes over where no word was shown yet
  const mayFail = model === "down" || (model === "chain" && broken);
  const gone = new AbortController();
  const leaving = kind === 7 ? setTimeout(() => gone.abort(), number % 50) : undefined;
  try {
    const body = JSON.stringify({ model, stream, messages: [{ role: "user", content: fault }] });
    const headers = { "content-type": "application/json" };
    const reply = await fetch(url, { method: "POST", headers, body, signal: gone.signal });
    const text = await reply.text();
    const failure = text.includes('"error":{"message"');
    if (failure && mayFail) result.failed++;
    else if (!failure && model !== "down" && reply.ok && text.includes(stream ? "data: [DONE]" : '"orchestration"'))
      result.answered++;
    else result.wrong.push(`${model}, ${stream ? "stream" : "plain"}, ${fault}: ${reply.status} ${text.slice(0, 200)}`);
  } catch (error) {
    if (gone.signal.aborted) result.left++;
    else result.wrong.push(`${model}: ${String(error)} ${String((error as Error).cause ?? "")}`);
  } finally {
    clearTimeout(leaving);
  }
}
