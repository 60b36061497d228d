// One measuring process: gets a task, sends what it measured.
import { setMaxListeners } from "node:events";
import { type Contender, contenders, expectedOf } from "./contenders.js";
import type { Measured, Task } from "./protocol.js";
import { median, shuffled } from "./statistics.js";

setMaxListeners(0); // the graphs by hand would pay for LangGraph's warnings of a leak
process.setSourceMapsEnabled(false); // tsx switches them on, and every stack trace would pay for it

async function measure({ port, suite, rounds, least, runs, warmUp, cpuSeconds, only }: Task): Promise<Measured[]> {
  const spent = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  const measured = contenders(port, suite)
    .filter(({ name }) => only === undefined || name === only)
    .map((contender) => ({ contender, cpu: [] as number[], wall: [] as number[] }));
  for (const { contender } of measured) await check(contender);
  for (let run = 0; run < warmUp; run += runs) {
    for (const { contender } of shuffled(measured)) await repeat(contender, runs);
  }
  let round = 0;
  const warm = spent();
  do {
    for (const { contender, cpu, wall } of shuffled(measured)) {
      const startedAt = performance.now();
      const before = process.cpuUsage();
      await repeat(contender, runs);
      const { user, system } = process.cpuUsage(before);
      const count = runs * (contender.runs ?? 1);
      wall.push((performance.now() - startedAt) / count);
      cpu.push((user + system) / 1_000 / count);
    }
  } while (++round < rounds && (round < least || spent() - warm < cpuSeconds));
  return measured.map(({ contender: { name, against }, cpu, wall }) => {
    return { name, ...(against && { against }), rounds: round, cpuMs: median(cpu), wallMs: median(wall) };
  });
}

async function repeat({ run }: Contender, runs: number): Promise<void> {
  for (let count = 0; count < runs; count++) await run();
}

/** What answers wrongly must not look fast. */
async function check(contender: Contender): Promise<void> {
  const { name, run } = contender;
  const text = await run();
  if (text !== expectedOf(contender)) throw new Error(`"${name}" answered: ${text}`);
}

process.once("message", async (task: Task) => {
  process.send?.(await measure(task));
  process.disconnect();
});
