// One measuring process: gets a task, sends what it measured.
import { type Contender, contenders } from "./contenders.js";
import { answer, type Measured, type Task } from "./protocol.js";
import { median, shuffled } from "./statistics.js";

process.setSourceMapsEnabled(false); // tsx switches them on, and every stack trace would pay for it

async function measure({ port, suite, rounds, runs, warmUp, seconds, only }: Task): Promise<Measured[]> {
  const endsAt = performance.now() + seconds * 1_000;
  const measured = contenders(port, suite)
    .filter(({ name }) => only === undefined || name === only)
    .map((contender) => ({ contender, cpu: [] as number[], wall: [] as number[] }));
  for (const { contender } of measured) await check(contender);
  for (let run = 0; run < warmUp; run += runs) {
    for (const { contender } of shuffled(measured)) await repeat(contender, runs);
  }
  let round = 0;
  do {
    for (const { contender, cpu, wall } of shuffled(measured)) {
      const startedAt = performance.now();
      const before = process.cpuUsage();
      await repeat(contender, runs);
      const { user, system } = process.cpuUsage(before);
      wall.push((performance.now() - startedAt) / runs);
      cpu.push((user + system) / 1_000 / runs);
    }
  } while (++round < rounds && performance.now() < endsAt);
  return measured.map(({ contender: { name, against }, cpu, wall }) => {
    return { name, ...(against && { against }), rounds: round, cpuMs: median(cpu), wallMs: median(wall) };
  });
}

async function repeat({ run }: Contender, runs: number): Promise<void> {
  for (let count = 0; count < runs; count++) await run();
}

/** What answers wrongly must not look fast. */
async function check({ name, run }: Contender): Promise<void> {
  const text = await run();
  if (text !== answer) throw new Error(`"${name}" answered: ${text}`);
}

process.once("message", async (task: Task) => {
  process.send?.(await measure(task));
  process.disconnect();
});
