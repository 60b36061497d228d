import { createHash } from "node:crypto";
import { type LoopbackRequest, type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";

/** One request, as the upstream would bill it. */
export interface Paid {
  /** Number of the request, which is also its count of input tokens: the ledger says with it which request a line stands for. */
  readonly number: number;
  readonly thread: string;
  /** Same for two requests that ask the same model the same thing. */
  readonly key: string;
  readonly request: LoopbackRequest;
}

export interface Upstream {
  readonly server: LoopbackServer;
  readonly paid: readonly Paid[];
  /** Called for each request that arrives; one that it holds is not answered. */
  onRequest: (paid: Paid) => "hold" | undefined;
}

/** Starts models whose answers follow from the question alone, so that a resumed run must end as one that was never killed. */
export async function startUpstream(): Promise<Upstream> {
  const paid: Paid[] = [];
  const reply = async (request: LoopbackRequest) => {
    const said = request.messages.map(({ role, text }) => `${role}: ${text}`).join("\n");
    const thread = /thread-\w+/.exec(said)?.[0] ?? "";
    const key = `${request.model} ${said}`.replaceAll(thread, "thread");
    const one = { number: paid.length + 1, thread, key: `${thread} ${key}`, request };
    paid.push(one);
    const held = upstream.onRequest(one) === "hold";
    const usage = { inputTokens: one.number, outputTokens: 1 };
    return { text: answer(request.model, key, thread), usage, delayMs: held ? 600_000 : 4 + (one.number % 5) * 4 };
  };
  const server = await startLoopbackServer({ reply });
  const upstream: Upstream = { server, paid, onRequest: () => undefined };
  return upstream;
}

function answer(model: string, key: string, thread: string): string {
  if (model === "judge") return "Score: 2";
  if (model === "planner")
    return ["first", "second", "third", "fourth"]
      .map((part, index) => `${index + 1}. The ${part} part of ${thread}`)
      .join("\n");
  return `${model} ${createHash("sha256").update(key).digest("hex").slice(0, 8)}`;
}
