import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Seen } from "../slow-upstream.js";

/** The provider, in a process of its own. */
export interface SlowUpstream extends Disposable {
  readonly baseUrl: string;
  /** What it saw since it was last asked. */
  seen(): Promise<Seen>;
}

/** Starts the provider that answers after as many milliseconds as the model's id says: `ms-200`. */
export async function startSlowUpstream(): Promise<SlowUpstream> {
  const child = fork(fileURLToPath(new URL("../slow-upstream.ts", import.meta.url)), { execArgv: process.execArgv });
  const [{ port }] = (await once(child, "message")) as [{ readonly port: number }];
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    seen: async () => {
      const answer = once(child, "message");
      child.send("seen");
      return (await answer)[0] as Seen;
    },
    [Symbol.dispose]: () => child.disconnect(),
  };
}
