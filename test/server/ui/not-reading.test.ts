import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { drawnGraphs } from "../../../src/server/ui/drawn-graph.js";
import { liveEvents } from "../../../src/server/ui/live.js";
import { type KeptRun, RecentRuns } from "../../../src/server/watch/recent-runs.js";

/** Counts how often events are written from it. */
class CountedRuns extends RecentRuns {
  reads = 0;
  override get all(): readonly KeptRun[] {
    this.reads++;
    return super.all;
  }
}

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

it("a browser that never reads takes no memory however many runs there are, and gets the latest ones when it reads", async () => {
  const runs = new CountedRuns({ most: 100, contents: true });
  const live = { runs, served: new Map(), drawn: drawnGraphs(), boot: "boot", every: 1, keepAlive: 60_000 };
  let response: ServerResponse | undefined;
  const app = new Hono<{ Bindings: HttpBindings }>().get("/", (context) => {
    response = context.env.outgoing as ServerResponse;
    return liveEvents(context as never, { ...live, isOpen: () => true });
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  try {
    socket.pause().write("GET /?since=boot:0 HTTP/1.1\r\nhost: localhost\r\n\r\n");
    let made = 0;
    const make = async () => {
      for (let count = 0; count < 100; count++) {
        const text = `${"question ".repeat(200)}${made}`;
        runs.began({ id: `run-${made++}`, model: "m", caller: "no key", question: text, startedAt: 0 });
      }
      await turns(20);
    };
    const buffered = () => response!.writableLength + (response!.socket?.writableLength ?? 0);
    for (let rounds = 0, before = -1; before !== runs.reads || runs.reads === 0; rounds++) {
      expect(rounds).toBeLessThan(2_000); // else it is written without end
      before = runs.reads;
      for (let more = 0; more < 10; more++) await make();
    }
    const [reads, bytes] = [runs.reads, buffered()];
    for (let more = 0; more < 100; more++) await make();
    expect(runs.reads).toBe(reads);
    expect(buffered()).toBe(bytes);
    expect(bytes).toBeLessThan(4 * 2 ** 20);

    let seen = "";
    for await (const chunk of socket.resume()) {
      seen = seen.slice(-10_000) + String(chunk);
      if (seen.includes(`"run-${made - 1}"`)) break;
    }
    expect(seen).toContain(`"run-${made - 1}"`);
  } finally {
    socket.destroy();
    server.close();
  }
}, 120_000);
