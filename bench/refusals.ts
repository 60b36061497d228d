// What it costs the endpoint to refuse a body of the largest size that is read, and what to answer one of that size.
//   npm run bench:refusals    half a minute
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { serve } from "langgraph-multimodel/server";

const size = 10 * 2 ** 20 - 200;
/** The bars of issue 11. */
const bars = { ms: 250, mb: 150 };
const times = 7;

const filled = (piece: string, around: (all: string) => string) =>
  around(piece.repeat(Math.floor(size / piece.length)));
const fields = (count: number) => Array.from({ length: count }, (_, at) => `"a${at}":1`).join(",");
const asked = '"messages":[{"role":"user","content":"Hi"}]';
const bodies: Readonly<Record<string, string>> = {
  "a question of 10 MiB (answered)": filled("a", (all) => `{"messages":[{"role":"user","content":"${all}"}]}`),
  "messages: [0,0,…]": filled("0,", (all) => `{"messages":[${all}0]}`),
  "messages: [{},{},…]": filled("{},", (all) => `{"messages":[${all}{}]}`),
  "parts: [0,0,…]": filled("0,", (all) => `{"messages":[{"role":"user","content":[${all}0]}]}`),
  "tool_choice: [0,0,…]": filled("0,", (all) => `{${asked},"tool_choice":[${all}0]}`),
  "700,000 fields": `{${asked},${fields(700_000)}}`,
  "[[[[…": filled("[", (all) => all),
  "99,000 labels, one of them no text": `{${asked},"metadata":{${fields(49_000)},"b":{},${fields(49_000)}}}`,
  "9,999 messages, the last of them none": `{"messages":[${'{"role":"user","content":"Hi"},'.repeat(9_998)}0]}`,
  "a number of 10 MiB": filled("1", (all) => `{"messages":${all}}`),
  "escapes, no end": filled("\\u0041", (all) => `{"messages":"${all}`),
  blanks: filled(" ", (all) => all),
};

/** What the server is asked for between two bodies. */
type Question = "collect" | "peak";

interface Cost {
  readonly mb: number;
  /** Of the server alone: on a busy machine that is steadier than time. */
  readonly cpuMs: number;
}

if (process.send === undefined) await measure();
else await serveHere();

async function serveHere(): Promise<void> {
  const server = await serve({ models: { small: new FakeListChatModel({ responses: ["Hello!"] }) } }, { port: 0 });
  let peak = 0;
  let base = 0;
  let cpu = process.cpuUsage();
  setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 2).unref();
  process.on("message", (question: Question) => {
    if (question === "collect") {
      globalThis.gc?.();
      base = process.memoryUsage.rss();
      peak = base;
      cpu = process.cpuUsage();
    }
    const { user, system } = process.cpuUsage(cpu);
    const mb = (Math.max(peak, process.memoryUsage.rss()) - base) / 2 ** 20;
    process.send!({ mb, cpuMs: (user + system) / 1_000 } satisfies Cost);
  });
  process.once("disconnect", () => server.close(0));
  process.send!(server.url);
}

async function measure(): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: [...process.execArgv, "--expose-gc"] });
  const [url] = (await once(child, "message")) as [string];
  const asks = async (question: Question) => {
    child.send(question);
    return ((await once(child, "message")) as [Cost])[0];
  };
  let answered = 0;
  let missed = 0;
  console.log(`${"body".padEnd(40)} status      ms  ms CPU    of the first   MB`);
  for (const [name, body] of Object.entries(bodies)) {
    const taken: { readonly ms: number; readonly cpuMs: number }[] = [];
    let status = 0;
    let mb = 0;
    for (let time = 0; time < times; time++) {
      await asks("collect");
      const started = performance.now();
      const headers = { "content-type": "application/json" };
      const reply = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
      await reply.text();
      const ms = performance.now() - started;
      status = reply.status;
      const cost = await asks("peak");
      taken.push({ ms, cpuMs: cost.cpuMs });
      mb = Math.max(mb, cost.mb);
    }
    const { ms, cpuMs } = taken.sort((one, other) => one.cpuMs - other.cpuMs)[Math.floor(times / 2)]!;
    answered ||= cpuMs;
    const cells = [
      String(status).padStart(6),
      ms.toFixed(0).padStart(7),
      cpuMs.toFixed(0).padStart(7),
      `${(cpuMs / answered).toFixed(2)} x`.padStart(12),
    ];
    console.log(`${name.padEnd(40)} ${cells.join(" ")} ${mb.toFixed(0).padStart(8)}`);
    if (status !== 200 && (cpuMs > bars.ms || mb > bars.mb)) missed++;
  }
  child.disconnect();
  if (missed > 0) console.error(`${missed} bodies cost more than ${bars.ms} ms of CPU or ${bars.mb} MB`);
  process.exitCode = missed > 0 ? 1 : 0;
}
